"""Archives of articles in: files of many formats -> rows -> a site's own model.

``archives`` opens what a path names and reads it with the reader of its format (``readers/``),
``checking`` looks at one row, ``saving`` writes blocks of them into a model.
"""
