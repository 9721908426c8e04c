"use strict";
(() => {
  const body = document.body;
  const sheet = "curate-review-" + body.dataset.sheet;
  const columns = JSON.parse(body.dataset.columns);
  const forms = [...document.querySelectorAll("form[data-row]")];
  const reviewer = document.getElementById("reviewer");
  const state = document.getElementById("state");

  const read = () => {
    try { return JSON.parse(localStorage.getItem(sheet)) || {}; } catch { return {}; }
  };
  const kept = read();
  const keep = () => {
    try { localStorage.setItem(sheet, JSON.stringify(kept)); } catch { state.value = "This browser keeps nothing: save before you close the page."; return; }
    tell();
  };
  const tell = () => {
    const done = forms.filter((form) => (kept[form.dataset.row] || {}).preference).length;
    state.value = done + " of " + forms.length + " judged";
  };

  reviewer.value = kept.reviewer || "";
  reviewer.addEventListener("input", () => { kept.reviewer = reviewer.value; keep(); });
  for (const form of forms) {
    const mine = kept[form.dataset.row] || (kept[form.dataset.row] = {});
    for (const field of form.elements) {
      if (!field.name) continue;
      if (field.type === "radio") field.checked = mine[field.name] === field.value;
      else field.value = mine[field.name] || "";
    }
    form.addEventListener("input", (event) => { mine[event.target.name] = event.target.value; keep(); });
    form.addEventListener("submit", (event) => event.preventDefault());
  }
  tell();

  const cell = (text) => {
    const plain = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? "'" + text : text;
    return '"' + plain.replaceAll('"', '""') + '"';
  };
  document.getElementById("save").addEventListener("click", () => {
    const lines = [columns, ...forms.map((form) => {
      const mine = kept[form.dataset.row] || {};
      return columns.map((name) => name === "row" ? form.dataset.row : mine[name] || "");
    })];
    const text = "\ufeff" + lines.map((line) => line.map(cell).join(",")).join("\r\n") + "\r\n";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    const name = (reviewer.value || "reviewer").replace(/[^\p{L}\p{N}_-]+/gu, "-").slice(0, 40);
    link.download = name + ".csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
})();
