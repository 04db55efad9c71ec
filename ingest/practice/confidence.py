"""How sure the reader of a practice record is, in (0, 1]: one scale for all fields.

The figures are in the order in which the kinds of evidence turned out right on the sample corpus; they
are no probabilities. docs/practice-record.md explains them to partners.
"""

PERSON = 1.0
"""A sidecar says it."""

LABEL = 0.9
"""It stands behind a label ("Partner: ..."), or is the document's own title or address."""

HEADING = 0.8
"""It stands under a heading ("The challenge"), or is named in the title."""

REPEATED = 0.7
"""Several headings name it, or it stands among the lines of a title page."""

PREVAILING = 0.6
"""It prevails in the text."""

METADATA = 0.3
"""Only the file's own data say so: the date on which a slide deck was saved is rarely that of the practice."""
