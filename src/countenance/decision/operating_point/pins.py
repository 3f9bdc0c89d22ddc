"""Which operating points ship, by hash; written by ``scripts/pin_operating_points.py``, never by hand."""

PINS: tuple[tuple[str, str, str], ...] = (
    (
        "full-fp32",
        "3bdad5c9ac1d01119506c70cf2c62ea3a8f661bb75cd0b0be0d080b567768985",
        "a0a67218d6eabece35f177667e767f75b5ad5f13a1a72cd65ed3b15e1f9f8957",
    ),
    (
        "shipped-fp32",
        "1f5b2459a9188eca7048f8c9153ed13d644ec17eb9eb7ed5d9cf0b2eab181860",
        "ee6363a7a31eaffdab29dde30772d3041f5acc62720394e03341fdff3c0065d0",
    ),
    (
        "shipped-int8",
        "69efe9414b63010d3dc9e46feec2f2eb7cac4fa2e9d285591b835350fe98f5d2",
        "3a31863b2f0dc99c534f4441c451c5e8995ca34231c7b4020b6621d25fee59d0",
    ),
)
"""(name of the file in ``packaged/``, the weights that it is for, SHA-256 of the file)."""
