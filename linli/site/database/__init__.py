"""The embedded PostgreSQL (自带数据库): found, started, watched and stopped by linli itself.

- `folders.py`: where the city's data lies, and who may reach it.
- `binaries.py`: which PostgreSQL is used, and in which order they are looked for.
- `server.py`: one server per data folder, however many processes ask for it.

Nobody but the user who started it can connect: the socket lies in a folder of mode 0700, there is no TCP port, and the
server asks the kernel who is calling (peer). What DATABASE_URL names is never started or stopped from here.
"""

from linli.site.database.binaries import Binaries
from linli.site.database.folders import Folders, default_data
from linli.site.database.server import DatabaseError, Server, Status

__all__ = ["Binaries", "DatabaseError", "Folders", "Server", "Status", "default_data"]
