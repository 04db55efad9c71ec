"""Web furniture that survives saving as text: trackback notices, theme credits, cookie banners."""

import re
from collections.abc import Sequence

from ingest.extract.base import Block, BlockKind

_NOTICES = (
    # comment and trackback notices
    r"responses are currently closed|you can (?:leave a response|skip to the end)|trackback from your own site",
    r"(?:both )?comments and pings are (?:currently )?closed|comments (?:are )?(?:closed|off)|leave a (?:reply|comment)",
    r"your email address will not be published|required fields are marked|notify me of (?:follow-up|new) ",
    r"(?:dodaj|zostaw|napisz) komentarz|możliwość komentowania|komentarze (?:są )?(?:zamknięte|wyłączone)|twój adres e-?mail nie zostanie",
    r"kommentare (?:sind )?(?:geschlossen|deaktiviert)|schreibe einen kommentar|(?:deine|ihre) e-mail-adresse wird nicht",
    r"komentēšana ir slēgta|komentāri (?:ir )?slēgti|(?:pievienot|atstāt|pievieno) komentāru|jūsu e-pasta adrese netiks",
    r"komentarai (?:yra )?(?:uždaryti|išjungti)|(?:parašykite|palikite|rašyti) komentar|el\. pašto adresas nebus skelbiamas",
    # theme credits, feeds, rights
    r"(?:proudly )?powered by\b|designed by\b[^,.]{0,60}(?:studio|theme|themes|web|design|agency|\.\w+|thanks to)\b|theme (?:by|:)|website (?:by|designed by)|wspierane przez wordpress",
    r"(?:dumnie )?wspierane przez|stolz präsentiert von|unterstützt von wordpress|darbojas ar wordpress|veikia su wordpress",
    r"entries \(rss\)|comments \(rss\)|rss feed|kanał rss",
    r"(?:©|\(c\)|copyright)\s.{0,80}\d{4}|all rights reserved|wszelkie prawa zastrzeżone|alle rechte vorbehalten|visas tiesības aizsargātas|visos teisės saugomos",
    # cookie banners
    r"(?:this|our) (?:web)?site uses cookies|we use cookies|accept (?:all )?cookies",
    r"(?:ta|nasza) strona (?:używa|korzysta z|wykorzystuje) (?:plik(?:i|ów) )?cookies?|(?:używamy|wykorzystujemy) plik(?:i|ów) cookies?",
    r"diese (?:web)?(?:site|seite) (?:verwendet|nutzt) cookies|wir (?:verwenden|nutzen) cookies",
    r"šī (?:tīmekļa )?(?:vietne|lapa) izmanto sīkdatnes|mēs izmantojam sīkdatnes",
    r"ši(?:oje)? (?:svetainė|svetainėje) (?:naudoja|naudojami) slapuk|mes naudojame slapukus",
    # navigation and sharing
    r"skip to (?:main )?content|share (?:this(?: (?:post|page|article|entry|story))?(?: on\b.*)?\W*$|on\b)|print this page|back to top|(?:read more|czytaj więcej|weiterlesen|lasīt vairāk|skaityti daugiau)\W*$",
    r"(?:posted|filed) (?:in|under|by|on)\b|tagged (?:as|with)|(?:previous|next) (?:post|entry)|(?:poprzedni|następny) wpis",
    r"udostępnij(?: na\b.*)?\W*$|teilen auf|dalīties (?:ar|facebook)|dalintis|thanks to .{0,80}(?:suv|trucks?|casino|web hosting|poker)\b",
)  # fmt: skip
_NOTICE = re.compile(rf"^[\s\W]*(?:{'|'.join(_NOTICES)})", re.IGNORECASE)
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
