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
    "subject": "subject title summary headline topic shortdescription kurzbeschreibung betreff titel thema "
    "asunto titulo sujet objet titre oggetto titolo assunto onderwerp temat tytul amne emne aihe "
    "predmet konu тема 件名 主题 标题 主旨 제목",
    "body": "description details body question query problem issue request inquiry enquiry message post ask "
    "prompt complaint symptoms beschreibung frage anfrage anliegen nachricht descripcion pregunta "
    "consulta problema mensaje solicitud demande probleme domanda richiesta descrizione descricao "
    "pergunta mensagem omschrijving beschrijving vraag opis pytanie beskrivning fraga beskrivelse "
    "sporsmal popis dotaz aciklama soru описание вопрос 描述 问题 内容 質問 説明 질문 내용",
    "answer": "resolution answer reply response solution resolved fix antwort losung loesung erledigung "
    "rueckmeldung ruckmeldung respuesta resolucion solucion reponse risposta soluzione resposta "
    "solucao resolucao antwoord oplossing odpowiedz rozwiazanie svar losning reseni cozum yanit cevap "
    "ответ решение 回答 答案 解决方案 回复 返信 解決 답변",
    "id": "akte aktenzeichen aktennummer aktennr aktenid az geschaftszeichen vorgangsid chat chatid verlauf "
    "dossiernummer affaire id ticket case number nummer vorgang fall caso numero key ref reference "
    "thread conversation issue incident session ticketid caseid ticketnumber casenumber ticketnummer "
    "vorgangsnummer fallnummer auftragsnummer ticketnr vorgangsnr expediente dossier nr no номер 编号 "
    "番号 번호",
    "author": "verfasserin absenderin sprecher sprecherin schreiber benutzer urheber ersteller expediteur "
    "emisor redactor locuteur emetteur author role from sender speaker user by agent autor autorin "
    "verfasser absender rolle von remitente rol auteur ruolo mittente autore remetente afzender автор "
    "отправитель роль 作者 角色 発信者",
    "time": "zeitstempel uhrzeit eingang momento horodatage quand created date time timestamp sent datum zeit "
    "zeitpunkt erstellt gesendet fecha hora creado enviado heure cree envoye data ora criado creation "
    "updated дата время 时间 日期 日時 作成日",
    "comment": "wortlaut eintrag antworttext nachrichtentext contenido contenu corps cuerpo bemerkung notiz nota "
    "note comment text message body content reply post kommentar nachricht beitrag inhalt comentario "
    "mensaje texto commentaire texte commento messaggio testo mensagem opmerking bericht komentarz "
    "комментарий сообщение текст 评论 内容 消息 コメント 本文",
    "label": "status state stage type kind priority severity urgency category queue group team channel tag "
    "language typ prioritat kategorie bereich kanal sprache estado tipo prioridad categoria canal "
    "statut priorite categorie",
    "public": "public visible offentlich sichtbar publico publique pubblico",
    "internal": "vertraulich nichtoffentlich confidencial confidentiel privada interne internal private intern "
    "interno interna prive privado privat внутренний 内部",
    "chosen": "good win accepted besser gut gewinner mejor buena meilleure bonne gagnant chosen preferred "
    "better winner bevorzugt preferida preferee",
    "rejected": "bad lose losing dis schlechter schlecht verlierer peor mala pire mauvaise perdant rejected worse "
    "loser dispreferred abgelehnt rechazada rejetee",
    "prompt": "consulta demande aufgabe anweisung prompt question instruction query frage pregunta",
}

_ANSWERING = (
    "support, staff, employee, operator, technician, helpdesk, help desk, service desk, support agent, support team, "
    "customer service, customer support, customer care, consultant, advisor, adviser, representative, service rep, "
    "call center, back office, expert, tutor, moderator, administrator, admin, provider, vendor, insurer, case worker, "
    "caseworker, case manager, case handler, clerk, paralegal, lawyer, attorney, solicitor, barrister, counsel, "
    "legal counsel, law firm, notary, doctor, physician, gp, nurse, therapist, psychologist, pharmacist, midwife, "
    "practice, clinic, hospital, surgery, "
    "mitarbeiter, mitarbeiterin, bearbeiter, bearbeiterin, sachbearbeiter, sachbearbeiterin, sachbearbeitung, "
    "techniker, technikerin, kundendienst, kundenservice, kundenbetreuung, kundenberater, kundenberaterin, service, "
    "berater, beraterin, beratung, betreuer, betreuerin, kanzlei, anwalt, anwältin, rechtsanwalt, rechtsanwältin, "
    "notar, notarin, notariat, jurist, juristin, rechtsberater, rechtsberaterin, steuerberater, steuerberaterin, "
    "behörde, amt, verwaltung, hausverwaltung, sekretariat, versicherung, versicherer, arzt, ärztin, hausarzt, "
    "hausärztin, praxis, arztpraxis, klinik, krankenhaus, pflegekraft, pfleger, pflegerin, krankenschwester, "
    "therapeut, therapeutin, psychologe, psychologin, apotheker, apothekerin, apotheke, hebamme, mfa, "
    "agente, soporte, técnico, técnica, operador, operadora, asesor, asesora, atención al cliente, abogado, abogada, "
    "bufete, despacho, notario, gestor, gestora, médico, médica, doctora, enfermero, enfermera, terapeuta, "
    "psicólogo, psicóloga, farmacéutico, farmacéutica, clínica, consultorio, administración, "
    "conseiller, conseillère, technicien, technicienne, opérateur, opératrice, service client, assistance, avocat, "
    "avocate, cabinet, notaire, juriste, gestionnaire, médecin, docteur, infirmier, infirmière, thérapeute, "
    "psychologue, pharmacien, pharmacienne, clinique, hôpital, "
    "assistenza, operatore"
)
_ASKING = (
    "client, requester, reporter, end user, end-user, enduser, caller, visitor, guest, consumer, buyer, subscriber, "
    "member, policyholder, insured, claimant, applicant, petitioner, tenant, citizen, patient, resident, "
    "kunde, kundin, anwender, anwenderin, nutzer, nutzerin, benutzer, benutzerin, melder, melderin, anrufer, "
    "anruferin, besucher, besucherin, mandant, mandantin, mandantschaft, klient, klientin, ratsuchender, "
    "ratsuchende, antragsteller, antragstellerin, auftraggeber, auftraggeberin, versicherungsnehmer, "
    "versicherungsnehmerin, versicherter, versicherte, mieter, mieterin, bürger, bürgerin, patientin, "
    "fragesteller, fragestellerin, käufer, käuferin, "
    "cliente, clienta, usuario, usuaria, paciente, solicitante, asegurado, asegurada, inquilino, inquilina, "
    "ciudadano, ciudadana, klient, demandeur, demandeuse, utilisateur, utilisatrice, cliente, patiente, "
    "requérant, requérante, assuré, assurée, locataire, mandante, usager, usagère"
)


_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def _spellings(words: str) -> frozenset[str]:
    """The words, and the same without accents, as people also type them; of umlauts also the two letters."""
    listed = [word.casefold() for word in words.split(", ")]
    return frozenset([*listed, *map(_fold, listed), *(word.translate(_LETTERS) for word in listed)])


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

ANSWERING, ASKING = _spellings(_ANSWERING), _spellings(_ASKING)
"""Names of the side that answers and of the side that asks: in support, at law, in practices and offices."""
