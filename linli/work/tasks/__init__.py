"""任务 — tasks: what the leading group and its six working groups set, who owns it, until when, and what came of it.

1. A task is given to bodies of city, county or township; never to a village or a grid. A group looks, it sends grids no forms.
2. Who confirms that a task is finished is never who reported it finished.
3. 督办 comes from the same level or above, one grade after the other, and is cleared when the finish is confirmed.
"""
