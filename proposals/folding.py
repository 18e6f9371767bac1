"""Words as search compares them: small letters without accents, so that "fontaine" finds "Fontäne" and "strasse" "Straße".

The database folds alike (`proposals_fold`, migration 0007); a test holds the two together.
"""

from __future__ import annotations

import re
import unicodedata

# Letters that are no letter with an accent, and yet are written without it.
PLAIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "ħ": "h", "þ": "th"}
)
_ACCENTS = re.compile("[\u0300-\u036f]")
WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).lower().translate(PLAIN)


def words_of(text: str) -> list[str]:
    """The folded words of a text, in its order."""
    return WORD.findall(fold(text))


# Words that say nothing by themselves, folded: the database leaves them out of its index, and so does a search.
EMPTY = frozenset(
    """
    aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus bei bin bis
    bist da damit dann das dass dasselbe dazu dein deine dem den denn der des dich die dies diese dieselbe diesem diesen
    dieser dieses dir doch dort du durch ein eine einem einen einer eines einig einige er es etwas euch euer eure fur gegen
    gewesen hab habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in indem ins ist
    jede jedem jeden jeder jedes jene jetzt kann kein keine keinem keinen keiner konnen konnte machen man manche mein meine
    mich mir mit muss musste nach nicht nichts noch nun nur ob oder ohne sehr sein seine seinem seinen seiner selbst sich
    sie sind so solche soll sollte sondern sonst uber um und uns unser unsere unter viel vom von vor wahrend war waren warst
    was weg weil weiter welche welchem welchen welcher wenn werde werden wie wieder will wir wird wirst wo wollen wollte
    anderm andern anderr anders deinem deinen deiner deines demselben denselben derer derselbe derselben desselben dessen
    dieselben einigem einigen einiger einiges einmal eurem euren eurer eures ihres jenem jenen jener jenes keines manchem
    manchen mancher manches meinem meinen meiner meines seines solchem solchen solcher solches unse unsem unsen unses
    welches wurde wurden zu zum zur zwar zwischen
    a about above after again against all am an and any are as at be because been before being below between both but by
    can did do does doing don down during each few for from further had has have having he her here hers herself him himself
    his how i if in into is it its itself just me more most my myself no nor not now of off on once only or other our ours
    ourselves out over own same she should so some such than that the their theirs them themselves then there these they
    this those through to too under until up very was we were what when where which while who whom why will with you your
    yours yourself yourselves s t
    """.split()  # noqa: SIM905 - a list of words is read and edited as words
)
