"""Papers become claims: the chip of a travel document is read, checked, and only then believed.

:func:`check_chip` takes the bytes of a chip (EF.COM, EF.SOD, data groups), a store of Country Signing CA certificates
and the time, and answers with every step of ICAO's passive authentication (Doc 9303-11 5.1): a portrait that may serve
as a reference, or which step failed. Bytes come from a folder, from JSON or from a
:class:`countenance.ports.ChipReader`. Nothing that a document says about itself, lengths first, is trusted before it is
checked.
"""
