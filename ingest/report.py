"""What happened to each file, as the command line tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kb.types import Document


class Status(StrEnum):
    """What happened to a file."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    GONE = "gone"
    REFUSED = "refused"
    FAILED = "failed"


BAD = frozenset({Status.REFUSED, Status.FAILED})


@dataclass(frozen=True, slots=True)
class FileReport:
    """The fate of one file. `reason` is for people: why it was not taken, or what of it could not be read;
    empty where all went well."""

    path: str
    status: Status
    reason: str = ""
    format: str = ""
    title: str = ""
    languages: tuple[str, ...] = ()
    passages: int = 0
    seconds: float = 0.0


def of_document(status: Status, document: Document, *, path: str = "", reason: str = "") -> FileReport:
    """The report on a file that `document` was made from."""
    return FileReport(
        path=path or document.path,
        status=status,
        reason=reason,
        format=document.format,
        title=document.title,
        languages=document.languages,
        passages=document.passages,
    )


def of_parcel(name: str, kind: str, members: Sequence[FileReport]) -> FileReport:
    """The report on an archive, or an e-mail without text of its own, of the format `kind`."""
    taken = [member for member in members if member.status not in BAD]
    if not taken:
        return FileReport(name, Status.REFUSED, "holds no document that can be read", kind)
    changed = {member.status for member in taken} & {Status.ADDED, Status.UPDATED}
    status = Status.UNCHANGED if not changed else Status.ADDED if changed == {Status.ADDED} else Status.UPDATED
    return FileReport(
        path=name,
        status=status,
        reason=f"{len(taken)} of the {len(members)} documents in it were taken" if len(taken) < len(members) else "",
        format=kind,
        languages=tuple(dict.fromkeys(language for member in taken for language in member.languages)),
        passages=sum(member.passages for member in taken),
    )
