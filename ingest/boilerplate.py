"""Web furniture that survives saving as text: trackback notices, theme credits, cookie banners."""

import re
from collections.abc import Sequence

from ingest.extract.base import Block, BlockKind

_NETWORKS = r"(?:facebook|twitter|linkedin|whats ?app|instagram|pinterest|telegram|draugiem|e-?mail|x\b)"
_NOTICES = (
    # comment and trackback notices
    r"responses are currently closed|you can (?:leave a response|skip to the end)|trackback from your own site",
    r"(?:both )?comments and pings are (?:currently )?closed|your email address will not be published",
    r"required fields are marked|notify me of (?:follow-up|new) |(?:deine|ihre) e-mail-adresse wird nicht",
    r"twój adres e-?mail nie zostanie|jūsu e-pasta adrese netiks|el\. pašto adresas nebus skelbiamas",
    r"możliwość komentowania .{0,120}została wyłączona|komentēšana ir slēgta",
    # theme credits, feeds, rights
    r"proudly powered by\b|powered by (?:wordpress|joomla|drupal|typo3|blogger|wix|phpbb|vbulletin|disqus)\b|designed by\b[^,.]{0,60}(?:studio|theme|themes|web|design|agency|\.\w+|thanks to)\b|website (?:by|designed by)",
    r"(?:dumnie )?wspierane przez wordpress|stolz präsentiert von|unterstützt von wordpress|darbojas ar wordpress|veikia su wordpress",
    r"entries \(rss\)|comments \(rss\)|all rights reserved|wszelkie prawa zastrzeżone|alle rechte vorbehalten|visas tiesības aizsargātas|visos teisės saugomos",
    r"(?:©|\(c\)|copyright)\s.{0,80}\d{4}",
    # cookie banners
    r"(?:this|our) (?:web)?site uses cookies|we use cookies|accept (?:all )?cookies",
    r"(?:ta|nasza) strona (?:używa|korzysta z|wykorzystuje) (?:plik(?:i|ów) )?cookies?|(?:używamy|wykorzystujemy) plik(?:i|ów) cookies?",
    r"diese (?:web)?(?:site|seite) (?:verwendet|nutzt) cookies|wir (?:verwenden|nutzen) cookies",
    r"šī (?:tīmekļa )?(?:vietne|lapa) izmanto sīkdatnes|mēs izmantojam sīkdatnes",
    r"ši(?:oje)? (?:svetainė|svetainėje) (?:naudoja|naudojami) slapuk|mes naudojame slapukus",
    r"thanks to .{0,80}(?:suv|trucks?|casino|web hosting|poker)\b",
)  # fmt: skip
"""What no author writes; the paragraph may go on after it."""

_LINES = (
    # comments
    r"comments (?:are )?(?:closed|off)|leave a (?:reply|comment)(?: cancel reply)?|komentarze (?:są )?(?:zamknięte|wyłączone)",
    r"(?:dodaj|zostaw|napisz) komentarz|kommentare (?:sind )?(?:geschlossen|deaktiviert)|(?:schreibe? einen|hinterlasse einen) kommentar",
    r"komentāri (?:ir )?slēgti|(?:pievienot|atstāt|pievieno) komentāru|komentarai (?:yra )?(?:uždaryti|išjungti)|(?:parašykite|palikite|rašyti) komentarą",
    # navigation, feeds, sharing
    r"powered by .{0,30}",
    r"skip to (?:main )?content|print this page|back to top|rss feed|kanał rss|theme by .{0,40}|theme: .{0,40} by .{0,40}",
    r"read more|czytaj więcej|weiterlesen|lasīt vairāk|skaityti daugiau",
    r"(?:posted|filed) (?:in|under|by|on)\b.{0,80}|tagged (?:as|with)\b.{0,80}|(?:previous|next) (?:post|entry)\b.{0,80}|(?:poprzedni|następny) wpis\b.{0,80}",
    r"share this(?: (?:post|page|article|entry|story))?(?: on\b.{0,80})?",
    rf"(?:share|tweet|udostępnij|teilen|dalīties|dalintis|dalinkitės)(?:\W+(?:(?:this|it|on|na|auf|bei|ar|via|per)\W+)*{_NETWORKS}(?:\W+{_NETWORKS})*)?",
)  # fmt: skip
"""What is a notice when the paragraph holds nothing else; as the beginning of a sentence it is somebody's text."""

_NOTICE = re.compile(rf"^[\s\W]*(?:{'|'.join(_NOTICES)}|(?:{'|'.join(_LINES)})[\s\W]*$)", re.IGNORECASE)
_CREDITS = re.compile(r"powered by|designed by|trackback|responses are currently closed|rss", re.IGNORECASE)

NOTICE_WORDS = 45
"""Longer paragraphs are somebody's text, even if they begin like a notice."""

FOOTER_WORDS = 12
"""After a credit or trackback line, lines up to this length belong to the footer."""


def without_boilerplate(blocks: Sequence[Block]) -> list[Block]:
    """`blocks` without notices, and without the footer that follows the credits of a web page."""
    end = _footer(blocks)
    return _without_empty_headings([block for block in blocks[:end] if not _is_notice(block)], cut=end < len(blocks))


def _is_notice(block: Block) -> bool:
    return bool(_NOTICE.match(block.text)) and len(block.text.split()) <= NOTICE_WORDS


def _footer(blocks: Sequence[Block]) -> int:
    """Where the page's footer begins: at a credit line after which only short lines follow."""
    end = len(blocks)
    for position in range(len(blocks) - 1, -1, -1):
        block = blocks[position]
        if _is_notice(block) and _CREDITS.search(block.text):
            end = position
        elif len(block.text.split()) > FOOTER_WORDS and not _is_notice(block):
            break
    return end


def _without_empty_headings(blocks: list[Block], *, cut: bool) -> list[Block]:
    """Drop the headings a removed footer leaves at the end with nothing under them."""
    while cut and blocks and blocks[-1].kind is BlockKind.HEADING:
        blocks.pop()
    return blocks
