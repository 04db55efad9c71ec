"""Word, PowerPoint, OpenDocument and RTF files, and old ones through LibreOffice."""
