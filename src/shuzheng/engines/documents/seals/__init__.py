"""Electronic seals (电子印章): their formats, keys and certificates, the stamping and checking of documents, and the service around them."""
