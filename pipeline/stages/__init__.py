"""The stages of a job, one file each. A stage plans a unit (pure) and runs it into a temporary folder."""
