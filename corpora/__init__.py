"""Text in and text out: documents, sentences, alignment, bitext, and the records all rooms share."""
