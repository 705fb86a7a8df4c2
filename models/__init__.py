"""Open MT models and sentence encoders behind the protocols of `corpora.protocols`."""
