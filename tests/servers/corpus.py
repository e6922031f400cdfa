"""Mail that looks like mail, in any quantity and always the same: threads, several authors, about 2.5 KB a message."""

import os
import pathlib
import random
import time

_ENDINGS = "a an ar as ation ed el en ent er es ess est ia ic id ing ion is ism ist ity ive le ly ment ness o on or ous re s t ter th ty ure y".split()
_STEMS = ("add ag alt and ap arch ark arm art ash ask aut bal ban bar bas bat bel ben bin bit bl bon bor br bri bur cal cam can cap car cas cat cent "
          "cer ch cl col com con cor cov cr cul cur dam dan dec del den dep des dev dis doc dom dor dr dur ech ed el em en ent eq ev ex fab fac fal "
          "fer fil fin fir fl fol for fr ful fun gar gen gl gr gra hab har haz her hil hol hor hum ill im in ind inf int inv jud jus ker lab lan lar "
          "lat lav leg len lib lim lin lit liv loc log lum mac mag man mar mat med mem men met mid min mod mol mon mor mot mul mur nar nat nav net nor "
          "not num obs off op or pac pal par pas pat pen per pet phas pil pl pol pon por pos pr pre pro pub pul pur qual quar rad ran rat rec red ref "
          "reg rel ren rep res ret rev rig riv rob rol rom rot sab sal san sat sc sec sel sen ser set sig sil sim sol son sp sta ste str sub sur tab "
          "tal tan tar tel tem ten ter tex tim tol ton tor tr tra tri tun tur un ur val var ven ver vic vis vol wal war wat wer win wor").split()
_COMMON = ("the of and to in a is that for it with as was on be by this are or at from not but have an they which you we can if more their has "
           "will one there all when been what up so out no about its them then two may other do my time").split()
_GIVEN = "Ada Amal Bruno Carla Dilek Emre Farah Goran Hana Ivo Jun Kaja Lena Mateo Nadia Olga Pau Quim Rosa Sami Tomas Ute Vera Wanda Xenia Yusuf Zoe Iria".split()
_FAMILY = "Aalto Bosch Costa Diaz Egger Ferrer Gil Haddad Ito Jansen Kowal Lind Moreno Nagy Okafor Prats Quinn Roca Sato Turk Ueda Vidal Weiss Yilmaz".split()
_DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
PARAGRAPHS = 3000
NEWEST = 1795000000


class Corpus:
    """count messages, oldest first; the newest is of `newest`, the oldest of about two years before; in as many threads as it comes, or at most so many."""

    def __init__(self, count, seed=1, newest=NEWEST, size=2500, threads=None):
        self.count, self.newest, self.size, self.threads = count, newest, size, threads or count
        self._seed = seed
        self._random = random.Random(seed)
        self._words = self._vocabulary()
        self._paragraphs = [self._paragraph() for _ in range(min(PARAGRAPHS, 200 + count))]
        self._people = [(f"{given} {family}", f"{given}.{family}@example.{end}".lower())
                        for given in _GIVEN for family in _FAMILY for end in ("org", "com", "net")]
        self._random.shuffle(self._people)
        del self._people[160:]

    def _vocabulary(self):
        made = sorted({stem + middle + end for stem in _STEMS for middle in ("", *self._random.sample(_STEMS, 4)) for end in self._random.sample(_ENDINGS, 8)})
        self._random.shuffle(made)
        return made

    def _word(self):
        if self._random.random() < 0.45:
            return self._random.choice(_COMMON)
        # As in language, a few words make most of the text.
        return self._words[int(len(self._words) * self._random.random() ** 3)]

    def _paragraph(self):
        lines, line = [], ""
        for _ in range(self._random.randrange(35, 95)):
            word = self._word()
            if self._random.random() < 0.09:
                word += self._random.choice((".", ",", ".", ";", "?"))
            if len(line) + len(word) > 70:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word.capitalize()
        return "\r\n".join(lines + [line + "."])

    def _date(self, moment):
        at = time.gmtime(moment)
        return f"{_DAYS[at.tm_wday]}, {at.tm_mday} {_MONTHS[at.tm_mon - 1]} {at.tm_year} {at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02} +0000"

    def __iter__(self):
        """(octets with CRLF, moment) one after the other."""
        chooser = random.Random(self._seed + 1)
        recent, begun, step = [], 0, 2 * 365 * 86400 / max(1, self.count)
        for number in range(self.count):
            moment = int(self.newest - (self.count - 1 - number) * step)
            name, address = chooser.choice(self._people)
            identity = f"<{number:x}.{chooser.getrandbits(64):016x}@{address.partition('@')[2]}>"
            if begun == self.threads or recent and chooser.random() < 0.6:
                subject, chain, quote = chooser.choice(recent)
                subject, references = (subject if subject.startswith("Re: ") else "Re: " + subject), chain[-10:]
            else:
                begun += 1
                subject, references, quote = " ".join(self._words[int(len(self._words) * chooser.random() ** 2)] for _ in range(chooser.randrange(2, 8))).capitalize(), [], None
            body = self._body(chooser, quote, name)
            threading = f"In-Reply-To: {references[-1]}\r\nReferences: {' '.join(references)}\r\n" if references else ""
            head = (f"Return-Path: <{address}>\r\nReceived: from mx{chooser.randrange(9)}.example.net (192.0.2.{chooser.randrange(255)})\r\n"
                    f"\tby imap.example.test with ESMTPS id {chooser.getrandbits(48):x};\r\n\t{self._date(moment + 3)}\r\n"
                    f"From: {name} <{address}>\r\nTo: Ana Ruiz <ana@example.test>\r\nSubject: {subject}\r\nDate: {self._date(moment)}\r\n"
                    f"Message-ID: {identity}\r\n{threading}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                    f"Content-Transfer-Encoding: 8bit\r\nUser-Agent: Test mail {chooser.randrange(1, 9)}.{chooser.randrange(20)}\r\n\r\n")
            recent.append((subject, [*references, identity], body[:400].rpartition("\r\n")[0]))
            if len(recent) > 200:
                del recent[0]
            yield (head + body).encode(), moment

    def _body(self, chooser, quote, name):
        parts, length = [], 0
        if quote:
            parts.append("On a day before, somebody wrote:\r\n" + "\r\n".join("> " + line for line in quote.split("\r\n")[:6]))
            length = len(parts[0])
        wanted = self.size * (0.35 + 0.75 * chooser.random())
        while length < wanted:
            parts.append(chooser.choice(self._paragraphs))
            length += len(parts[-1]) + 4
        parts.append(f"Ticket {chooser.randrange(10**6)}, https://example.org/t/{chooser.getrandbits(32):x}\r\n\r\n{name.split()[0]}\r\n")
        return "\r\n\r\n".join(parts)

    def octets(self):
        return [octets for octets, _ in self]

    def write_maildir(self, folder, unread_every=0):
        """One file a message in folder/cur with LF line ends, as a delivery agent leaves them; every so manieth is unread."""
        folder = pathlib.Path(folder)
        for name in ("cur", "new", "tmp"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for number, (octets, moment) in enumerate(self):
            letters = "" if unread_every and number % unread_every == 0 else "S"
            path = f"{folder}/cur/{moment}.M{number}P1.test:2,{letters}"
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.write(handle, octets.replace(b"\r\n", b"\n"))
            os.close(handle)
