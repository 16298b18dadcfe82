"""An app that a site may add: caches and other systems are told what changed for readers."""
