"""
What people call titles beside their names: abbreviations, names in other languages, numbers in a series.

Written by our editors from common knowledge. A catalogue's own further names come on top; these are for titles whose
sources say none.
"""

from collections.abc import Mapping
from functools import cache

from apps.search.domain.analysis import fold

#: Abbreviation of a series of titles -> the words that its titles begin with.
SHORT_FORMS: Mapping[str, str] = {
    "lotr": "the lord of the rings",
    "hp": "harry potter",
    "potc": "pirates of the caribbean",
    "t2": "terminator 2",
    "t3": "terminator 3",
    "mib": "men in black",
    "bttf": "back to the future",
    "esb": "the empire strikes back",
    "rotk": "the return of the king",
    "gotg": "guardians of the galaxy",
    "atla": "avatar the last airbender",
    "tng": "star trek the next generation",
    "ds9": "star trek deep space nine",
    "svu": "law and order special victims unit",
    "spiderman": "spider man",
    "antman": "ant man",
    "xmen": "x men",
}

#: (Name, year) -> what else it is called.
NICKNAMES: Mapping[tuple[str, int], tuple[str, ...]] = {
    # Abbreviations.
    ("Game of Thrones", 2011): ("GoT", "ASOIAF"),
    ("How I Met Your Mother", 2005): ("HIMYM",),
    ("The Big Bang Theory", 2007): ("TBBT",),
    ("Orange Is the New Black", 2013): ("OITNB",),
    ("It's Always Sunny in Philadelphia", 2005): ("Always Sunny", "IASIP"),
    ("Parks and Recreation", 2009): ("Parks and Rec",),
    ("Brooklyn Nine-Nine", 2013): ("B99", "Brooklyn 99"),
    ("The Fresh Prince of Bel-Air", 1990): ("Fresh Prince",),
    ("RuPaul's Drag Race", 2009): ("Drag Race",),
    ("Saturday Night Live", 1975): ("SNL",),
    ("Grey's Anatomy", 2005): ("Greys",),
    ("The Office", 2005): ("The Office US", "The American Office"),
    ("The Office", 2001): ("The Office UK",),
    ("Keeping Up with the Kardashians", 2007): ("KUWTK", "The Kardashians"),
    ("Crazy Ex-Girlfriend", 2015): ("CXG",),
    ("House", 2004): ("House MD", "Dr House"),
    ("The X-Files", 1993): ("X Files",),
    ("Star Trek: The Next Generation", 1987): ("TNG",),
    ("Buffy the Vampire Slayer", 1997): ("BTVS", "Buffy"),
    ("The Walking Dead", 2010): ("TWD",),
    ("American Horror Story", 2011): ("AHS",),
    ("Avatar: The Last Airbender", 2005): ("ATLA",),
    ("Fullmetal Alchemist: Brotherhood", 2009): ("FMAB", "Hagane no Renkinjutsushi"),
    # Numbers and subtitles.
    ("Star Wars", 1977): ("Star Wars Episode IV", "Star Wars: Episode IV – A New Hope", "A New Hope"),
    ("The Empire Strikes Back", 1980): ("Star Wars Episode V", "Star Wars 5", "Star Wars: The Empire Strikes Back"),
    ("Return of the Jedi", 1983): ("Star Wars Episode VI", "Star Wars 6", "Star Wars: Return of the Jedi"),
    ("Raiders of the Lost Ark", 1981): ("Indiana Jones 1", "Indiana Jones and the Raiders of the Lost Ark"),
    ("Harry Potter and the Sorcerer's Stone", 2001): ("Harry Potter 1", "Harry Potter and the Philosopher's Stone"),
    ("Harry Potter and the Philosopher's Stone", 2001): ("Harry Potter 1", "Harry Potter and the Sorcerer's Stone"),
    ("Harry Potter and the Chamber of Secrets", 2002): ("Harry Potter 2",),
    ("Harry Potter and the Prisoner of Azkaban", 2004): ("Harry Potter 3",),
    ("Harry Potter and the Goblet of Fire", 2005): ("Harry Potter 4",),
    ("Harry Potter and the Order of the Phoenix", 2007): ("Harry Potter 5",),
    ("Harry Potter and the Half-Blood Prince", 2009): ("Harry Potter 6",),
    ("The Lord of the Rings: The Fellowship of the Ring", 2001): ("LOTR", "LOTR 1", "Lord of the Rings 1"),
    ("The Lord of the Rings: The Two Towers", 2002): ("LOTR 2", "Lord of the Rings 2", "The Two Towers"),
    ("The Lord of the Rings: The Return of the King", 2003): (
        "LOTR 3",
        "Lord of the Rings 3",
        "The Return of the King",
    ),
    ("Pirates of the Caribbean: The Curse of the Black Pearl", 2003): ("Pirates of the Caribbean", "POTC"),
    ("Terminator 2: Judgment Day", 1991): ("T2", "Terminator 2"),
    ("Aliens", 1986): ("Alien 2",),
    ("X2", 2003): ("X-Men 2", "X2: X-Men United"),
    ("The Dark Knight", 2008): ("Batman 2",),
    ("First Blood", 1982): ("Rambo", "Rambo: First Blood", "Rambo 1"),
    ("Fast Five", 2011): ("Fast and Furious 5",),
    ("Furious 7", 2015): ("Fast and Furious 7",),
    ("The Raid: Redemption", 2012): ("The Raid", "Serbuan maut"),
    ("The Raid", 2012): ("The Raid: Redemption", "Serbuan maut"),
    ("The Raid", 2011): ("The Raid: Redemption", "Serbuan maut"),
    ("Birdman", 2014): ("Birdman or The Unexpected Virtue of Ignorance",),
    ("Dr. Strangelove", 1964): (
        "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb",
        "How I Learned to Stop Worrying and Love the Bomb",
    ),
    ("Borat", 2006): ("Borat: Cultural Learnings of America",),
    ("Precious", 2009): ("Precious: Based on the Novel Push by Sapphire",),
    ("Se7en", 1995): ("Seven",),
    ("E.T. the Extra-Terrestrial", 1982): ("ET",),
    ("Monsters, Inc.", 2001): ("Monsters Incorporated", "Monster AG"),
    ("Zootopia", 2016): ("Zootropolis", "Zoomania"),
    ("Moana", 2016): ("Vaiana", "Oceania"),
    ("The Avengers", 2012): ("Avengers Assemble",),
    # Other languages, as people type them.
    ("Parasite", 2019): ("Gisaengchung",),
    ("Oldboy", 2003): ("Oldeuboi",),
    ("Train to Busan", 2016): ("Busanhaeng",),
    ("The Handmaiden", 2016): ("Ah-ga-ssi", "Agassi"),
    ("Squid Game", 2021): ("Ojingeo geim", "Round Six"),
    ("Crash Landing on You", 2019): ("Sarangui bulsichak",),
    ("Money Heist", 2017): ("La casa de papel", "Haus des Geldes"),
    ("Lupin", 2021): ("Lupin: Dans l'ombre d'Arsène",),
    ("Call My Agent!", 2015): ("Dix pour cent",),
    ("Crouching Tiger, Hidden Dragon", 2000): ("Wo hu cang long", "Tiger and Dragon"),
    ("Hero", 2002): ("Ying xiong",),
    ("Hero", 2004): ("Ying xiong",),
    ("House of Flying Daggers", 2004): ("Shi mian mai fu",),
    ("In the Mood for Love", 2000): ("Fa yeung nin wah",),
    ("Chungking Express", 1994): ("Chung Hing sam lam",),
    ("Infernal Affairs", 2002): ("Mou gaan dou",),
    ("Farewell My Concubine", 1993): ("Ba wang bie ji",),
    ("Ip Man", 2008): ("Yip Man",),
    ("Attack on Titan", 2013): ("Shingeki no Kyojin", "AOT"),
    ("Demon Slayer: Kimetsu no Yaiba", 2019): ("Kimetsu no Yaiba", "Demon Slayer"),
    ("My Hero Academia", 2016): ("Boku no Hero Academia", "BNHA", "MHA"),
    ("Death Note", 2006): ("Desu noto",),
    ("Fullmetal Alchemist", 2003): ("Hagane no Renkinjutsushi",),
    ("The Seven Deadly Sins", 2014): ("Nanatsu no Taizai",),
    ("The Promised Neverland", 2019): ("Yakusoku no Neverland",),
    ("That Time I Got Reincarnated as a Slime", 2018): ("Tensei Shitara Slime Datta Ken", "Tensura"),
    ("Case Closed", 1996): ("Detective Conan", "Meitantei Conan"),
    ("Neon Genesis Evangelion", 1995): ("Shin Seiki Evangelion", "NGE", "Evangelion"),
    ("Assassination Classroom", 2015): ("Ansatsu Kyoushitsu",),
    ("Food Wars! Shokugeki no Soma", 2015): ("Shokugeki no Soma", "Food Wars"),
    ("KONOSUBA – God's blessing on this wonderful world!!", 2016): ("Konosuba",),
    ("Spirited Away", 2001): ("Sen to Chihiro no Kamikakushi", "Chihiros Reise ins Zauberland"),
    ("My Neighbor Totoro", 1988): ("Tonari no Totoro", "Mein Nachbar Totoro"),
    ("Princess Mononoke", 1997): ("Mononoke-hime", "Prinzessin Mononoke"),
    ("Howl's Moving Castle", 2004): ("Hauru no ugoku shiro", "Das wandelnde Schloss"),
    ("Castle in the Sky", 1986): ("Tenkû no shiro Rapyuta", "Laputa"),
    ("Kiki's Delivery Service", 1989): ("Majo no takkyûbin",),
    ("Grave of the Fireflies", 1988): ("Hotaru no haka",),
    ("Ponyo", 2008): ("Gake no ue no Ponyo",),
    ("Ponyo", 2009): ("Gake no ue no Ponyo",),
    ("The Wind Rises", 2013): ("Kaze tachinu",),
    ("Your Name.", 2016): ("Kimi no Na wa",),
    ("A Silent Voice", 2016): ("Koe no Katachi",),
    ("Seven Samurai", 1954): ("Shichinin no samurai", "The Seven Samurai"),
    ("Yojimbo", 1961): ("Yôjinbô",),
    ("Tokyo Story", 1953): ("Tôkyô monogatari",),
    ("Drive My Car", 2021): ("Doraibu mai kâ",),
    ("Shoplifters", 2018): ("Manbiki kazoku",),
    ("Ring", 1998): ("Ringu",),
    ("Ju-on: The Grudge", 2002): ("Ju-on",),
    ("Battle Royale", 2000): ("Batoru rowaiaru",),
    ("Departures", 2008): ("Okuribito",),
    ("Amélie", 2001): ("Le fabuleux destin d'Amélie Poulain",),
    ("The Intouchables", 2011): ("Intouchables", "Untouchable", "Ziemlich beste Freunde"),
    ("Blue Is the Warmest Color", 2013): ("La vie d'Adèle",),
    ("Portrait of a Lady on Fire", 2019): ("Portrait de la jeune fille en feu",),
    ("Léon: The Professional", 1994): ("Léon", "The Professional"),
    ("Breathless", 1960): ("À bout de souffle",),
    ("The 400 Blows", 1959): ("Les quatre cents coups",),
    ("A Prophet", 2009): ("Un prophète",),
    ("Life Is Beautiful", 1997): ("La vita è bella",),
    ("Life Is Beautiful", 1998): ("La vita è bella",),
    ("Bicycle Thieves", 1948): ("Ladri di biciclette", "The Bicycle Thief"),
    ("La Dolce Vita", 1960): ("The Sweet Life",),
    ("8½", 1963): ("Otto e mezzo", "8 1/2"),
    ("The Great Beauty", 2013): ("La grande bellezza",),
    ("Cinema Paradiso", 1988): ("Nuovo Cinema Paradiso",),
    ("The Good, the Bad and the Ugly", 1966): ("Il buono, il brutto, il cattivo",),
    ("Once Upon a Time in the West", 1968): ("C'era una volta il West", "Spiel mir das Lied vom Tod"),
    ("A Fistful of Dollars", 1964): ("Per un pugno di dollari",),
    ("My Brilliant Friend", 2018): ("L'amica geniale",),
    ("Pan's Labyrinth", 2006): ("El laberinto del fauno",),
    ("The Orphanage", 2007): ("El orfanato",),
    ("The Skin I Live In", 2011): ("La piel que habito",),
    ("All About My Mother", 1999): ("Todo sobre mi madre",),
    ("Pain and Glory", 2019): ("Dolor y gloria",),
    ("The Platform", 2019): ("El hoyo",),
    ("The Secret in Their Eyes", 2009): ("El secreto de sus ojos",),
    ("Wild Tales", 2014): ("Relatos salvajes",),
    ("The Sea Inside", 2004): ("Mar adentro",),
    ("And Your Mother Too", 2001): ("Y tu mamá también",),
    ("City of God", 2002): ("Cidade de Deus",),
    ("City of God", 2003): ("Cidade de Deus",),
    ("Central Station", 1998): ("Central do Brasil",),
    ("Elite Squad", 2007): ("Tropa de Elite",),
    ("The Lives of Others", 2006): ("Das Leben der Anderen",),
    ("The Lives of Others", 2007): ("Das Leben der Anderen",),
    ("Downfall", 2004): ("Der Untergang",),
    ("Downfall", 2005): ("Der Untergang",),
    ("Run Lola Run", 1998): ("Lola rennt",),
    ("Run Lola Run", 1999): ("Lola rennt",),
    ("The Boat", 1981): ("Das Boot",),
    ("Look Who's Back", 2015): ("Er ist wieder da",),
    ("All Quiet on the Western Front", 2022): ("Im Westen nichts Neues",),
    ("The Cabinet of Dr. Caligari", 1920): ("Das Cabinet des Dr. Caligari",),
    ("How to Sell Drugs Online (Fast)", 2019): ("How to Sell Drugs Online Fast",),
    ("The Girl with the Dragon Tattoo", 2009): ("Män som hatar kvinnor", "Verblendung"),
    ("Let the Right One In", 2008): ("Låt den rätte komma in",),
    ("The Seventh Seal", 1957): ("Det sjunde inseglet",),
    ("Another Round", 2020): ("Druk", "Der Rausch"),
    ("The Hunt", 2012): ("Jagten",),
    ("The Hunt", 2013): ("Jagten",),
    ("The Bridge", 2011): ("Bron/Broen", "Bron"),
    ("The Killing", 2007): ("Forbrydelsen",),
    ("Trapped", 2015): ("Ófærð",),
    ("3 Idiots", 2009): ("Three Idiots",),
    ("Come and See", 1985): ("Idi i smotri",),
    ("Leviathan", 2014): ("Leviafan",),
    ("A Separation", 2011): ("Jodaeiye Nader az Simin",),
    ("Cold War", 2018): ("Zimna wojna",),
    ("Son of Saul", 2015): ("Saul fia",),
    ("RRR", 2022): ("Rise Roar Revolt",),
}

_YEAR_SLACK = 1


@cache
def _by_name() -> Mapping[str, list[tuple[int, tuple[str, ...]]]]:
    """Group the table by folded name."""
    grouped: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for (name, year), others in NICKNAMES.items():
        grouped.setdefault(fold(name), []).append((year, others))
    return grouped


def nicknames_of(name: str, year: int | None) -> tuple[str, ...]:
    """Give what a title is called beside its name; sources may be a year apart."""
    if year is None:
        return ()
    known = _by_name().get(fold(name), ())
    return next((others for at, others in known if abs(at - year) <= _YEAR_SLACK), ())


def write_out(folded: str, forms: Mapping[str, str] = SHORT_FORMS) -> str:
    """Write the abbreviations of a query out: "lotr two towers" means "the lord of the rings two towers"."""
    return " ".join(forms.get(word, word) for word in folded.split())
