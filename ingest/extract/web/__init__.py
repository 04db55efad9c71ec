"""Web pages, web archives and e-books: documents in HTML."""
