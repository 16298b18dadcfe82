"""Archives in: ``rows`` reads the file, ``articles`` checks a row, ``saving`` writes a block.

``archive`` leads the rows through all three.
"""
