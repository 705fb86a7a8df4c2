"""What a person opens after a run: the review page and the run report, each one file complete in itself."""
