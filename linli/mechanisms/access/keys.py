"""`linli keys`: the keys that seal residents' contact data. Shows them, changes them, sets old ones aside."""

import argparse
import sys

from django.conf import settings

from linli.kernel.sealing import BrokenSealError, KeysError, MissingKeyError
from linli.mechanisms.access import rotation
from linli.mechanisms.access.sealing import keyring


def arguments(parser: argparse.ArgumentParser) -> None:
    """One verb."""
    parser.add_argument(
        "verb",
        choices=("list", "rotate", "retire"),
        help="list: what each key seals; rotate: a new key, and everything sealed anew under it; retire: set unused keys aside",
    )
    parser.add_argument("--resume", action="store_true", help="rotate: no new key, go on sealing under the first one")
    parser.add_argument("--batch", type=int, default=rotation.BATCH, help="rows in one transaction (default: 500)")


def run(args: argparse.Namespace) -> int:
    """0 if it was done; 1 with a sentence if not."""
    try:
        return {"list": show, "rotate": rotate, "retire": retire}[args.verb](args)
    except rotation.CannotRotateError as error:
        print(f"linli keys: {error}", file=sys.stderr)
    except KeysError as error:
        print(f"linli keys: 密钥读不懂：{error}", file=sys.stderr)
    except MissingKeyError as error:
        what = f"密钥 {error.key} 不在" if error.key else "一把密钥也没有"
        print(f"linli keys: {what}。把它放回密钥文件，再运行一次；做完的不会重做。", file=sys.stderr)
    except BrokenSealError as error:
        print(
            f"linli keys: 有一项解不开（{error}）：内容被改动过，或者从别的行抄来。linli keys 不动它。", file=sys.stderr
        )
    return 1


def show(_: argparse.Namespace) -> int:
    """Every key: its cipher, its day, how many texts it seals."""
    used = rotation.counts()
    ring = keyring()
    for place, key in enumerate(ring.keys):
        made = rotation.made_on(key)
        print(
            f"{key.id}  {key.cipher}  {made or '日期不详'}  {used.pop(key.id, 0)} 项{'  ← 新写的用这一把' if place == 0 else ''}"
        )
    unsealed = used.pop("", 0)
    for lost, number in sorted(used.items()):
        print(f"{lost}  ✗ 不在这里，{number} 项读不出来：把它放回去")
    if unsealed:
        print(f"未加密  ✗ {unsealed} 项：运行 linli keys rotate --resume")
    return int(bool(used or unsealed or not ring.keys))


def rotate(args: argparse.Namespace) -> int:
    """换密钥 — begun anew only when nothing is left of the last time."""
    ring = keyring()
    waiting = sum(number for key, number in rotation.counts().items() if not ring.keys or key != ring.keys[0].id)
    if waiting:
        print(f"上次没有做完，还有 {waiting} 项不在 {ring.current.id} 下；接着做，不另加密钥。")
    elif not args.resume:
        key = rotation.add_key(settings.CONTACT_CIPHER)
        print(f"新密钥 {key.id}（{key.cipher}）已写进密钥文件，从现在起新写的都用它。")
    done = rotation.seal_anew(
        batch=max(1, args.batch), progress=lambda name, n: print(f"\r{name}：已换 {n} 项", end="", flush=True)
    )
    left = sum(number for key, number in rotation.counts().items() if key != keyring().current.id)
    print(f"\r换好 {done} 项，还剩 {left} 项。")
    if left:
        print("有人正好在写；再运行一次 linli keys rotate 就接着做。")
    else:
        print("旧密钥已经不用了。明天确认没有旧的还在用，运行 linli keys retire 把它们移开。")
    return int(bool(left))


def retire(_: argparse.Namespace) -> int:
    """Set keys aside that seal nothing."""
    idle = rotation.set_aside()
    for key in idle:
        print(f"{key.id} 已移到 {settings.CONTACT_KEYS_FILE}.retired：只有更早的备份还用得着它，请另行保管或销毁。")
    if not idle:
        print("没有可以移开的密钥：每一把都还有内容，或者只有一把。")
    return 0
