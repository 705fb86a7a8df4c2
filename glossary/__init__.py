"""Names and places: the termbase, matching, inflection, enforcement and its independent verification."""
