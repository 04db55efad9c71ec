"""What the server answers besides the pages: originals by id, pictures of pages, sign-in."""
