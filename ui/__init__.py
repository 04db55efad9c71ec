"""The web pages. One module a page; they import kb and nothing of ingest."""
