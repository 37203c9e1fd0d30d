package intents

// shortForms are words that SMS writers shorten, join or spell as they say
// them, with the form that the rest of the engine sees. Only forms that mean
// one thing are here: "me" may be "mij" or "mijn", so the model learns it.
var shortForms = map[string]string{
	// SMS abbreviations.
	"aub": "alstublieft", "svp": "alstublieft", "pls": "alstublieft", "plz": "alstublieft", "asjeblief": "alstublieft",
	"asjeblieft": "alstublieft", "alsjeblieft": "alstublieft", "astublief": "alstublieft",
	"ff": "even", "effe": "even", "effies": "even", "gwn": "gewoon", "hvl": "hoeveel", "hoevel": "hoeveel",
	"wnr": "wanneer", "wrm": "waarom", "vndg": "vandaag", "vandag": "vandaag", "mrgn": "morgen", "morge": "morgen",
	"gstrn": "gisteren", "gister": "gisteren", "gistere": "gisteren", "idd": "inderdaad", "gem": "gemeente", "gemeent": "gemeente",
	"nr": "nummer", "tel": "telefoon", "mss": "misschien", "egt": "echt", "eg": "echt", "ivm": "in verband met",
	"wk": "week", "mnd": "maand", "bsn": "burgerservicenummer", "iig": "in ieder geval", "bdnkt": "bedankt", "thx": "bedankt",
	"tnx": "bedankt", "thnx": "bedankt", "thanks": "bedankt", "gvd": "godverdomme", "wtf": "godverdomme",
	// Small words as they sound in speech and dialect.
	"nie": "niet", "nt": "niet", "nit": "niet", "neit": "niet", "da": "dat", "dta": "dat", "wa": "wat", "mot": "moet", "mut": "moet", "mott": "moet",
	"hep": "heb", "hb": "heb", "mn": "mijn", "mun": "mijn", "mien": "mijn",
	"un": "een", "n": "een", "ut": "het", "t": "het", "et": "het", "ikke": "ik", "ig": "ik", "k": "ik", "ie": "hij",
	"zn": "zijn", "zun": "zijn", "dr": "er", "der": "er", "d": "de", "as": "als", "noch": "nog", "vr": "voor", "veur": "voor",
	"mt": "met", "vn": "van", "ok": "ook", "okee": "oke",
	"gin": "geen", "gen": "geen", "nix": "niks", "niets": "niks", "niemant": "niemand", "iemant": "iemand", "hai": "hoi",
	"julie": "jullie", "gullie": "jullie", "hoelang": "hoe lang", "hoelaat": "hoe laat",
	"word": "wordt", "wort": "wordt", "wor": "wordt", "weed": "weet", "wilt": "wil",
	// The joined "ik" of speech.
	"kheb": "ik heb", "khep": "ik heb", "kwil": "ik wil", "kben": "ik ben", "kbin": "ik ben", "kmot": "ik moet", "kmoet": "ik moet", "kken": "ik kan",
	"kkan": "ik kan", "kga": "ik ga", "kweet": "ik weet", "kwou": "ik wou", "khad": "ik had", "kzit": "ik zit", "kzoek": "ik zoek", "kzie": "ik zie",
	"ikheb": "ik heb", "ikwil": "ik wil", "ikben": "ik ben", "ikmoet": "ik moet", "ikkan": "ik kan",
	"tis": "het is", "twas": "het was", "tkost": "het kost", "isgoed": "is goed", "moetik": "moet ik", "motik": "moet ik", "kanik": "kan ik",
	"kenik": "kan ik", "ister": "is er", "hebik": "heb ik", "wilik": "wil ik", "isdat": "is dat", "isda": "is dat", "watis": "wat is", "hoekan": "hoe kan",
}
