-- What the signature of receipt is: a drawing (image/png) or a typed name (text/plain, sealed).
ALTER TABLE case_delivery ADD COLUMN signature_type {text};
