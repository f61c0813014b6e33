def format_quantity(quantity, unit=None):
    """Return a quantity in full: nobody makes 1.2e+06 pieces, nor 12345.7 m.

    :param unit: its unit of measure, whose name follows, if there is one
    """
    number = f"{quantity:.6f}".rstrip("0").rstrip(".")
    return f"{number} {unit.name}" if unit else number
