"""`vesper eval` and `vesper bench`: the product's own code over manifests and made speech."""
