"use strict";
(() => {
  const say = document.querySelector(".say");

  const copied = (button) => {
    button.textContent = "Copied";
    say.textContent = "The command is copied";
    setTimeout(() => { button.textContent = "Copy"; say.textContent = ""; }, 2000);
  };

  const select = (code) => {
    const range = document.createRange();
    range.selectNodeContents(code);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return document.execCommand("copy");
  };

  for (const button of document.querySelectorAll("button[data-copy]")) {
    const code = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", () => {
      const fallback = () => { if (select(code)) copied(button); };
      if (!navigator.clipboard) return fallback();
      navigator.clipboard.writeText(code.textContent).then(() => copied(button), fallback);
    });
  }

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.examples:not([open]), details.rest:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
})();
