"""The staged, resumable job: what runs, in what order. Knows the other rooms; none of them knows it."""
