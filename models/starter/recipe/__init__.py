"""How the parts of the starter that ship were made. Nothing here runs when the starter is built or used."""
