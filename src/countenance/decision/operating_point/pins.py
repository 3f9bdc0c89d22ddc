"""Which operating points ship, by hash; written by ``scripts/pin_operating_points.py``, never by hand."""

PINS: tuple[tuple[str, str, str], ...] = (
    (
        "full-fp32",
        "3bdad5c9ac1d01119506c70cf2c62ea3a8f661bb75cd0b0be0d080b567768985",
        "43b2ead41334eceb198841ad853e73c250de7a177767b5664025f386c8ed0d03",
    ),
    (
        "shipped-bf16",
        "127fb9e6f18b5b4597d364c9d44a4a9b70c48c0f9b17784b471073dbffb1d4c3",
        "fcff0fb677ed222ce1f96c7c49b7069e6b5fd26573eaea90731cfe2743439c92",
    ),
    (
        "shipped-fp32",
        "1f5b2459a9188eca7048f8c9153ed13d644ec17eb9eb7ed5d9cf0b2eab181860",
        "d02b83b8a1e2881a809cb1dcfa08c6d8c0fa87ee157ca388c67a6034a3a6a803",
    ),
    (
        "shipped-int8",
        "69efe9414b63010d3dc9e46feec2f2eb7cac4fa2e9d285591b835350fe98f5d2",
        "23a99f2cdefa6d6885f1199df525584276fd47e2d800f348277b28f1f3085496",
    ),
)
"""(name of the file in ``packaged/``, the weights that it is for, SHA-256 of the file)."""
