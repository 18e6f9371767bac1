"""Parts of a process that rooms own and that travel with it, in a package to another city or in a recipe.

package_parts.add("budget", Part("budget", words=_("Budget"), dump=dump, check=check, load=load))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from groundwork.answer import Words
from groundwork.registry import Registry

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process


@dataclass(frozen=True, slots=True)
class Part:
    """`dump(process)` gives JSON without people, or None when there is nothing; what it gives, `check` must accept.

    `public`: a visitor may see what it holds, so it stands in a data package too (cocreation/data_package.py).
    `check(data, where)` raises Refused with the place and the reason, or returns what `load(process, data, by, at)`
    may write into a draft.
    """

    name: str
    words: Words
    dump: Callable[[Process], Any]
    check: Callable[[Any, str], Any]
    load: Callable[[Process, Any, Person, datetime], None]
    public: bool = False


package_parts: Registry[Part] = Registry("part of a package")
