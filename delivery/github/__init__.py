"""What a workflow asks GitHub for: comments, issues, and how environments are guarded.

https://docs.github.com/en/rest
"""

from delivery.github.client import GitHub
from delivery.github.repository import Repository

__all__ = ["GitHub", "Repository"]
