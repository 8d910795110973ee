"""The edge towards partner agencies: signed, encrypted, standard messages in a virtual host of their own (REF-04).

`docs/partners/asyncapi.yaml` describes to the byte what goes over the wire.
"""
