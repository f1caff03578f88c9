"""Define where settings are kept that were made in the browser."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wayfellow.db import Base


class SettingRow(Base):
    """Be one value as JSON, encrypted where it is a secret; ``owner`` is a plugin, or "wayfellow" for its own."""

    __tablename__ = "setting"

    owner: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    is_sealed: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]
