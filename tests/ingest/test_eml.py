"""Mails: what their writer wrote, in any encoding, without addresses, quotations and signatures."""

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from ingest.extract import extract, recognise
from ingest.extract.base import Refused
from ingest.extract.mail.eml import attachments
from tests.ingest import texts
from tests.ingest.files import read


def mail(
    body: str | None = None, *, subject: str = "Ačiū savanoriams", html: str = "", charset: str = "utf-8"
) -> EmailMessage:
    """A mail between two offices."""
    message = EmailMessage()
    message["From"] = "Youth Centre <youth@example.org>"
    message["To"] = "office@example.net"
    message["Date"] = "Tue, 28 Jun 2016 08:00:00 +0200"
    message["Subject"] = subject
    if body is not None:
        message.set_content(body, charset=charset)
    if html:
        message.add_alternative(html, subtype="html", charset=charset)
    return message


def save(path: Path, message: EmailMessage) -> Path:
    """The mail as a mail program saves it."""
    path.write_bytes(bytes(message))
    return path


@pytest.mark.parametrize("name", ["a.eml", "nameless"])
def test_a_mail_is_read_under_its_subject_without_addresses(name: str, tmp_path: Path) -> None:
    reading = read(save(tmp_path / name, mail(texts.LT, subject="Re: Fwd: Ačiū savanoriams")))
    found = reading.extraction
    assert (found.format, found.title, found.date, found.holds) == ("eml", "Ačiū savanoriams", "2016-06-28", 0)
    assert reading.label_of("padėkos raštą") == "section Ačiū savanoriams"
    assert "example" not in reading.text
    assert "Youth Centre" not in reading.text


@pytest.mark.parametrize(
    ("language", "charset"),
    [("pl", "iso-8859-2"), ("lv", "windows-1257"), ("lt", "iso-8859-13"), ("de", "iso-8859-1"), ("pl", "utf-8")],
)
@pytest.mark.parametrize("transfer", ["quoted-printable", "base64", "8bit"])
def test_letters_survive_every_encoding(language: str, charset: str, transfer: str, tmp_path: Path) -> None:
    message = mail(subject="Größe šķēle łąka")
    message.set_content(texts.BY_LANGUAGE[language], charset=charset, cte=transfer)
    reading = read(save(tmp_path / "a.eml", message))
    assert " ".join(reading.text.split()).endswith(texts.BY_LANGUAGE[language])
    assert reading.extraction.title == "Größe šķēle łąka"


def test_a_wrong_or_unknown_charset_does_not_spoil_the_text(tmp_path: Path) -> None:
    for name in (b"us-ascii", b"x-unknown-7"):
        data = b"Subject: T\r\nFrom: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=" + name
        (tmp_path / "a.eml").write_bytes(data + b"\r\n\r\n" + texts.LV.encode("cp1257"))
        assert texts.LV in read(tmp_path / "a.eml").text


REPLIES = {
    "en": ("On Mon, 27 Jun 2016 at 10:12, Town Hall <hall@example.org> wrote:", "Best wishes"),
    "pl": ("W dniu 27.06.2016 o 10:12, Urząd Miasta pisze:", "Pozdrawiam"),
    "de": ("Am 27.06.2016 um 10:12 schrieb Rathaus <rathaus@example.org>:", "Viele Grüße"),
    "lv": ("Pirmd., 2016. g. 27. jūn., plkst. 10:12 lietotājs Dome <dome@example.org> rakstīja:", "Ar cieņu"),
    "lt": ("2016-06-27, pr, 10:12 Savivaldybė <info@example.org> rašė:", "Pagarbiai"),
}


@pytest.mark.parametrize("language", REPLIES)
def test_quotations_and_signatures_are_left_out(language: str, tmp_path: Path) -> None:
    introduction, greeting = REPLIES[language]
    text = texts.BY_LANGUAGE[language]
    quotation = f"{introduction}\n> The old question\n>> of last week\n"
    body = f"{text}\n\n{greeting}\n\n-- \nYouth Centre, 0123 456789\n\n{quotation}"
    reading = read(save(tmp_path / "a.eml", mail(body)))
    assert text in " ".join(reading.text.split())
    for unwanted in ("0123", "old question", "last week", "27", "example", ":"):
        assert unwanted not in reading.text


def test_answers_between_the_lines_stay(tmp_path: Path) -> None:
    body = f"> Who insures the helpers?\n{texts.EN_MORE}\n> And who pays?\nThe city pays for everybody.\n"
    reading = read(save(tmp_path / "a.eml", mail(body)))
    assert texts.EN_MORE in " ".join(reading.text.split())
    assert "The city pays for everybody." in reading.text
    assert "And who pays" not in reading.text


def test_a_reply_of_outlook_ends_at_the_headers_of_the_earlier_mail(tmp_path: Path) -> None:
    headers = "Von: Rathaus\nGesendet: Montag, 27. Juni 2016 10:12\nAn: Jugendhaus\nBetreff: Frage"
    body = f"{texts.DE}\n\n{headers}\n\nAlte Frage.\n"
    reading = read(save(tmp_path / "a.eml", mail(body, subject="AW: Frage")))
    assert "eine Urkunde" in reading.text
    assert "Alte Frage" not in reading.text


FORWARDED = {
    "gmail": "---------- Forwarded message ---------\nFrom: Town Hall <hall@example.org>\nDate: Mon, Jun 27, 2016\n"
    "Subject: Insurance\nTo: <youth@example.org>\n\n",
    "outlook": "From: Town Hall <hall@example.org>\nSent: Monday, 27 June 2016\nTo: Youth Centre\n"
    "Subject: Insurance\n\n",
}


@pytest.mark.parametrize("program", FORWARDED)
def test_a_forwarded_mail_is_read_without_its_addresses(program: str, tmp_path: Path) -> None:
    body = f"See below, this is how they do it.\n\n{FORWARDED[program]}{texts.EN_MORE}\n"
    reading = read(save(tmp_path / "a.eml", mail(body, subject="FW: Insurance")))
    assert texts.EN_MORE in " ".join(reading.text.split())
    assert "how they do it" in reading.text
    assert "example" not in reading.text
    assert "Town Hall" not in reading.text


def test_html_is_read_where_the_plain_part_is_only_a_notice(tmp_path: Path) -> None:
    html = f"""<html><body><div style="display:none">Preview text of the newsletter</div><table><tr><td>
        <table><tr><td><h2>Draudimas</h2><p>{texts.LT}</p><ul><li>Registruoti pirmą dieną</li></ul></td></tr></table>
        </td></tr></table><div class="gmail_signature">Tel. 0123</div>
        <div class="gmail_quote"><div class="gmail_attr">On Monday somebody wrote:</div>
        <blockquote>Old text</blockquote></div>
        </body></html>"""
    reading = read(save(tmp_path / "a.eml", mail("Your program cannot show this mail.", html=html)))
    assert reading.label_of("padėkos raštą") == "section Ačiū savanoriams · Draudimas"
    assert "Registruoti pirmą dieną" in reading.text
    for unwanted in ("Preview", "0123", "Old text", "cannot show", "somebody"):
        assert unwanted not in reading.text


def test_of_two_equal_versions_one_is_read(tmp_path: Path) -> None:
    reading = read(save(tmp_path / "a.eml", mail(texts.PL, html=f"<html><body><p>{texts.PL}</p></body></html>")))
    assert reading.text.count("Wyróżnieni otrzymują") == 1


def test_flowed_lines_are_joined(tmp_path: Path) -> None:
    data = (
        b"Subject: T\r\nFrom: a@example.org\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=utf-8; format=flowed\r\n\r\n"
        b"The winners receive a certificate and \r\na free pass for buses and \r\ntrams.\r\n\r\nThe second.\r\n"
    )
    (tmp_path / "a.eml").write_bytes(data)
    assert "certificate and a free pass for buses and trams." in read(tmp_path / "a.eml").text


# --- attachments


def _with_attachments() -> EmailMessage:
    message = mail(texts.EN, html=f'<html><body><p>{texts.EN}</p><img src="cid:logo"></body></html>')
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="Žaļā grāmata.pdf")
    message.add_attachment("Notes, not text", filename="notes.txt")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="../../etc/passwd.png")
    message.add_attachment(mail(texts.DE, subject="Frage: Versicherung"))
    html = message.get_body(("html",))
    assert html is not None
    html.add_related(b"\x89PNG", maintype="image", subtype="png", cid="<logo>", filename="logo.png")
    return message


def test_attachments_come_with_their_names_and_bytes(tmp_path: Path) -> None:
    path = save(tmp_path / "a.eml", _with_attachments())
    found = dict(attachments(path))
    assert list(found) == ["Žaļā grāmata.pdf", "notes.txt", "../../etc/passwd.png", "Frage: Versicherung.eml"]
    assert found["Žaļā grāmata.pdf"] == b"%PDF-1.4"
    assert b"Subject: Frage: Versicherung" in found["Frage: Versicherung.eml"]
    extraction = extract(path)
    assert extraction.holds == 4
    text = " ".join(block.text for block in extraction.blocks)
    assert text.count("free pass") == 1
    assert "Notes, not text" not in text
    assert "Freikarte" not in text


def test_a_mail_shown_within_the_text_is_read(tmp_path: Path) -> None:
    message = mail("See this.")
    message.add_attachment(mail(texts.DE, subject="WG: Versicherung"), disposition="inline")
    path = save(tmp_path / "a.eml", message)
    assert read(path).label_of("eine Urkunde") == "section Versicherung"
    assert list(attachments(path)) == []


def test_a_mail_of_attachments_only_has_no_text_of_its_own(tmp_path: Path) -> None:
    message = mail("")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="a.pdf")
    extraction = extract(save(tmp_path / "a.eml", message))
    assert (extraction.blocks, extraction.holds) == ((), 1)


# --- refusals


def _encrypted(message: EmailMessage) -> None:
    message.set_content(b"0\x82", maintype="application", subtype="pkcs7-mime", params={"smime-type": "enveloped-data"})


def _empty(message: EmailMessage) -> None:
    message.set_content(" \n")


@pytest.mark.parametrize(("fill", "reason"), [(_encrypted, "is encrypted"), (_empty, "has no text")])
def test_a_mail_without_readable_text_is_refused(
    fill: Callable[[EmailMessage], None], reason: str, tmp_path: Path
) -> None:
    message = mail()
    fill(message)
    with pytest.raises(Refused, match=reason):
        extract(save(tmp_path / "a.eml", message))


def test_a_mailbox_is_refused_with_advice_but_one_of_a_single_mail_is_read(tmp_path: Path) -> None:
    one = b"From youth@example.org Tue Jun 28 08:00:00 2016\n" + bytes(mail(texts.EN)) + b"\n"
    (tmp_path / "one.mbox").write_bytes(one)
    (tmp_path / "two.mbox").write_bytes(one * 2)
    assert "free pass" in read(tmp_path / "one.mbox").text
    with pytest.raises(Refused, match="mailbox of 2 messages: export them one by one as EML"):
        extract(tmp_path / "two.mbox")


def test_broken_headers_do_not_stop_the_reading(tmp_path: Path) -> None:
    headers = b"Subject: =?utf-8?B?broken\r\nDate: yesterday\r\nFrom: <<>,;\r\nMIME-Version: 1.0\r\n"
    headers += b"Content-Type: text/plain; charset\r\n\r\n"
    (tmp_path / "a.eml").write_bytes(headers + texts.EN.encode())
    reading = read(tmp_path / "a.eml")
    assert "free pass" in reading.text
    assert reading.extraction.date == ""


def test_a_text_about_mails_stays_a_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Subject: thanks\n\n{texts.EN}")
    assert recognise(tmp_path / "a.txt").format == "txt"
