"""The demo bureau's own clock: acts wait for their moment and happen in the order of time, so that the history of the
bureau runs forward as in a real one."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import date, datetime, timedelta

from expertdesk.foundation import clock
from expertdesk.foundation.database import collect_afterwards, db, run_afterwards
from expertdesk.regulations import WorkCalendar

_ONE_DAY = timedelta(days=1)
_FIRST_HOUR, _LAST_MINUTE = 9, 8 * 60
_GAP = timedelta(minutes=2)


class Agenda:
    """A queue of (moment, act). Each act is one transaction at its moment."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar
        self.now = clock.now()
        self._waiting: list[tuple[datetime, int, Callable[[], None]]] = []
        self._count = 0

    def put(self, moment: datetime, act: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._waiting, (moment, self._count, act))

    def day_before(self, working_days: int) -> date:
        """The day that lies so many working days before today; 0 = today, or the last worked day."""
        day = clock.day_of(self.now)
        while not self.calendar.is_working(day):
            day -= _ONE_DAY
        left = working_days
        while left:
            day -= _ONE_DAY
            left -= 1 if self.calendar.is_working(day) else 0
        return day

    def moment(self, working_days: int, minute: int) -> datetime:
        """A moment in office hours of that day, never after now: what happens today is packed before the present."""
        at = clock.at_shanghai(self.day_before(working_days), _FIRST_HOUR) + timedelta(minutes=minute % _LAST_MINUTE)
        return min(at, self.now - _GAP)

    def run(self) -> int:
        """Do everything; returns how many acts."""
        done = 0
        while self._waiting:
            moment, _, act = heapq.heappop(self._waiting)
            collect_afterwards()
            with clock.at(moment):
                act()
                db.session.commit()
                run_afterwards()
            db.session.expunge_all()
            done += 1
        return done
