"""Writers that turn the Markdown sources of the sample corpus into finished documents."""
