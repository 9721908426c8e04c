"""The names that columns of tickets, questions and comments have, in the languages of many exports.

Names are compared without case, accents and punctuation. A word of five letters or more is also found inside a
longer one (``Fehlerbeschreibung``).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "subject": "subject title summary headline topic shortdescription kurzbeschreibung "
    "betreff titel thema asunto titulo sujet objet titre oggetto "
    "titolo assunto onderwerp temat tytul amne emne aihe predmet konu тема 件名 主题 标题 主旨 제목",
    "body": "description details body question query problem issue request inquiry enquiry message post ask prompt "
    "complaint symptoms beschreibung frage anfrage anliegen nachricht descripcion pregunta consulta problema "
    "mensaje solicitud demande probleme domanda richiesta descrizione descricao pergunta mensagem omschrijving "
    "beschrijving vraag opis pytanie beskrivning fraga beskrivelse sporsmal popis dotaz aciklama soru описание "
    "вопрос 描述 问题 内容 質問 説明 질문 내용",
    "answer": "resolution answer reply response solution resolved fix antwort losung loesung erledigung "
    "rueckmeldung ruckmeldung respuesta resolucion solucion reponse risposta soluzione resposta solucao resolucao "
    "antwoord oplossing odpowiedz rozwiazanie svar losning reseni cozum yanit cevap ответ решение 回答 答案 "
    "解决方案 回复 返信 解決 답변",
    "id": "id ticket case number nummer vorgang fall caso numero key ref reference thread conversation issue "
    "incident session ticketid caseid ticketnumber casenumber ticketnummer vorgangsnummer fallnummer auftragsnummer "
    "ticketnr vorgangsnr expediente dossier nr no номер 编号 番号 번호",
    "author": "author role from sender speaker user by agent autor autorin verfasser absender rolle von remitente "
    "rol auteur expediteur ruolo mittente autore remetente afzender автор отправитель роль 作者 角色 発信者",
    "time": "created date time timestamp sent datum zeit zeitpunkt erstellt gesendet fecha hora creado enviado heure "
    "cree envoye data ora criado creation updated дата время 时间 日期 日時 作成日",
    "comment": "comment text message body content note reply post kommentar nachricht beitrag inhalt comentario "
    "mensaje texto commentaire texte commento messaggio testo mensagem opmerking bericht komentarz комментарий "
    "сообщение текст 评论 内容 消息 コメント 本文",
    "label": "status state stage type kind priority severity urgency category queue group team channel tag language "
    "typ prioritat kategorie bereich kanal sprache estado tipo prioridad categoria canal statut priorite categorie",
    "public": "public visible offentlich sichtbar publico visible publique pubblico",
    "internal": "internal private intern interno interna prive privado privat внутренний 内部",
    "chosen": "chosen preferred better winner bevorzugt preferida preferee",
    "rejected": "rejected worse loser dispreferred abgelehnt rechazada rejetee",
    "prompt": "prompt question instruction query frage pregunta",
}

_TOKEN = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_INSIDE = 5
"""Letters from which a word is looked for inside of longer ones."""


def score(name: str, kind: str) -> int:
    """How well a column's name says that it is of a kind: 3 is the word itself, 0 is not at all."""
    words = _FOLDED[kind]
    tokens = _tokens(name)
    if "".join(tokens) in words:
        return 3
    if any(token in words for token in tokens):
        return 2
    return int(any(len(word) >= _INSIDE and word in token for token in tokens for word in words))


def _tokens(name: str) -> list[str]:
    return [_fold(token) for token in _TOKEN.findall(_CAMEL.sub(" ", name))]


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return (
        "".join(letter for letter in plain if not unicodedata.combining(letter))
        .replace("ł", "l")
        .replace("ø", "o")
    )


_FOLDED = {kind: frozenset(map(_fold, words.split())) for kind, words in WORDS.items()}
