"""One module a letter: a prepared context and its wording come in, a sheet of pages goes out."""
