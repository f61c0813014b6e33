import re
import shutil
import unicodedata
import zipfile

# what Windows allows in no name; the rest of a path counts as well
FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
# names of devices on Windows, with any ending
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)
NAME_LENGTH = 100
# compressed by themselves
PACKED = (".jpg", ".jpeg", ".png", ".webp", ".zip", ".mp4", ".pdf")


def make_safe_name(name, length=NAME_LENGTH):
    """Return a name for a file or folder that each system can unpack.

    Chinese stays as it is; the ending survives when a long name is cut.
    """
    name = unicodedata.normalize("NFC", name or "")
    # no marks that turn the reading direction, nothing that cannot be seen
    name = "".join(
        " " if unicodedata.category(char).startswith("Z") else char
        for char in name
        if unicodedata.category(char) not in ("Cf", "Cs", "Co", "Cn")
    )
    name = FORBIDDEN.sub("-", name).strip(" .")
    if RESERVED.match(name):
        name = f"_{name}"
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 8:
        stem, dot, ending = name, "", ""
    stem = stem[: length - len(dot + ending)].rstrip(" .")
    return f"{stem}{dot}{ending}" or "_"


class DossierZip:
    """A ZIP that is written to a file piece by piece, each name in it only once."""

    def __init__(self, file, date_time):
        """Begin a ZIP in ``file``; each file in it says it is of ``date_time``.

        :param date_time: year, month, day, hour, minute, second
        """
        self.zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        self.date_time = date_time
        self.names = set()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.zip.close()

    def add(self, folders, name, content):
        """Write a file and return its path in the ZIP.

        :param folders: names of the folders it is in, from the outermost
        :param content: bytes, or a file that is open for reading
        """
        path = self._get_free_path(folders, name)
        info = zipfile.ZipInfo(path, self.date_time)
        packed = path.lower().endswith(PACKED)
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        if isinstance(content, bytes):
            self.zip.writestr(info, content)
        else:
            with self.zip.open(info, "w", force_zip64=True) as target:
                shutil.copyfileobj(content, target, 1024 * 1024)
        return path

    def _get_free_path(self, folders, name):
        """Return where a file goes; a second one of the same name gets a number."""
        folder = "/".join(make_safe_name(part, 60) for part in folders)
        name = make_safe_name(name)
        stem, dot, ending = name.rpartition(".")
        if not stem:
            stem, dot, ending = name, "", ""
        path, number = f"{folder}/{name}" if folder else name, 1
        while path.casefold() in self.names:  # as Windows compares them
            number += 1
            numbered = f"{stem} ({number}){dot}{ending}"
            path = f"{folder}/{numbered}" if folder else numbered
        self.names.add(path.casefold())
        return path
