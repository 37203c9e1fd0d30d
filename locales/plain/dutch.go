package plain

import "strings"

// set makes a set of the words in a text. The sets below are read-only.
func set(words string) map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		all[w] = true
	}
	return all
}

func isFunction(w string) bool { return functionWords[w] }

var functionWords = set(`
de het een 't 'n geen
ik jij je u hij zij ze wij we jullie men mij me jou hem haar ons hun hen zich uw mijn jouw zijn onze dit dat deze die wie wat welk welke wiens elkaar
iets niets iemand niemand iedereen alles alle al allebei beide beiden elk elke ieder iedere enkele sommige veel weinig meer minder meest meeste ander andere anders zelf zelfde
aan achter af beneden bij binnen boven buiten door in langs met na naar naast om omheen onder op over per rond sinds te tegen tegenover ten ter tijdens tot tussen uit van vanaf via volgens voor vooraan voorbij zonder
en of maar want dus als dan toen omdat doordat zodat dat of voordat nadat terwijl wanneer hoewel totdat tenzij sinds zodra zolang
er hier daar waar eraan erbij erin ermee erna erop erover ertegen eruit ervan ervoor hieraan hierbij hierin hiermee hierna hierop hierover hiervan hiervoor daaraan daarbij daarin daarmee daarna daarom daarop daarover daarvan daarvoor daardoor waaraan waarbij waarin waarmee waarom waarop waarover waarvan waarvoor waardoor waarheen
niet wel ook nog al alleen bijna heel erg zeer te zo toch even eens altijd nooit soms vaak weer nu straks later eerst dan daarna meteen misschien graag bijvoorbeeld ongeveer ja nee hoe hoeveel
ben bent is was waren geweest wees zijn
heb hebt heeft hebben had hadden gehad
word wordt worden werd werden geworden
kan kun kunt kunnen kon konden gekund
moet moeten moest moesten
mag mogen mocht mochten
wil wilt willen wilde wilden wou
zal zult zullen zou zouden
ga gaat gaan ging gingen gegaan
kom komt komen kwam kwamen gekomen
doe doet doen deed deden gedaan
laat laten liet lieten
hoef hoeft hoeven hoefde
blijf blijft blijven bleef bleven
één twee drie vier vijf zes zeven acht negen tien
`)

// shortHead and shortStem are the words of three letters that compounds end or
// start with; others of that length are rarely meant.
var (
	shortHead = set("pas wet bus dag bak vak weg les bon tas zak bed bad bal hok kar rek gat pad tip dak wad hof eis zin oog")
	shortStem = set("bus dag dak bad bak weg afv pas les zon zee oud pin bij app gas web hof bed fax gft eis wet raad zak vak rij tol tuk tas pet vis eet sta")
)

// ending and beginning look like words in the frequency list, but are parts of
// other words.
var (
	ending    = set("heid heden lijk lijke baar bare ring ringen ling schap schappen ning eren eert ering eringen atie aties iteit isme loos loze matig matige zaam achtig achtige erij ding dingen gende ende igen tief tieve ieel iële ische ist iste enis teit ment menten eling ster ver ven gen den ten den sen ren ter der eid men nen nde nd")
	beginning = set("ver ont her ge be des ant con per pre pro sub dis int ten ter het een")
)

// Passive voice: a form of worden, with a past participle in the same clause.
var passiveVerbs = set("word wordt worden werd werden")

// strongParticiples end in -en like infinitives, without ge-.
var strongParticiples = set(`
aanbevolen begonnen begrepen behouden bekeken benomen besloten beschreven bestreden bevolen bewezen bezeten bedragen begrepen behangen beslopen besproken bestolen betrokken bedolven bewogen bezworen
gebleken geboden gebracht ontbonden ontnomen ontslagen ontvangen ontheven onthouden ontworpen onderbroken ondernomen onderschreven ondervonden onderworpen onderzocht overgeschreven overschreven overtroffen overwogen overschreden
verboden verbonden verdreven verdwenen vergeleken vergeten vergeven verheven verholen verkozen verkregen verlaten verleden verloren vermeden vernomen verraden verschenen verschoven verslagen verslonden verstreken vertrokken vervallen verwezen verweten verworpen verworven verzonnen verzonden voldaan volbracht voltrokken voorgeschreven voorzien herzien herroepen hernomen herschreven
goedgevonden vastgehouden
`)

// finiteVerbs are common verb forms that stand at the start of the frame of a
// Dutch main clause; the rest of the verb comes at its end.
var finiteVerbs = set(`
ben bent is was waren heb hebt heeft hebben had hadden word wordt worden werd werden kan kun kunt kunnen kon konden
moet moeten moest moesten mag mogen mocht mochten wil wilt willen wilde wilden zal zult zullen zou zouden dient dienen diende dienden hoeft hoeven
`)

// subordinators open a subordinate clause.
var subordinators = set(`
dat omdat doordat zodat opdat nadat voordat totdat terwijl hoewel ofschoon indien mits tenzij zodra zolang alvorens teneinde wanneer aangezien naarmate doordien hetgeen
waarbij waarin waarmee waarop waarover waarvan waarvoor waardoor waarna waaraan waaruit waaronder waartoe waartegen waarnaar welke
`)

// coordinators join clauses or words of the same rank.
var coordinators = set("en of maar want")

// relative pronouns open one after a noun or comma.
var relatives = set("die dat wat waar wie")

var prepositions = set("aan achter bij binnen boven buiten door gedurende in inzake langs met na naar naast namens om omtrent onder op over per rond sinds te tegen ten ter tijdens tot tussen uit van vanaf vanwege via volgens voor wegens zonder")

var determiners = set("de het een deze die dit dat uw onze ons hun zijn haar mijn geen elke alle")

// articles can have a long phrase between them and their noun.
var articles = set("de het een uw onze hun alle")

// nounEndings are endings of nouns made of verbs and adjectives.
var nounEndings = [...]string{"ing", "ingen", "atie", "aties", "itie", "ities", "ctie", "cties", "iteit", "iteiten", "heid", "heden", "isme", "ering", "eringen", "neming", "nemingen", "stelling", "stellingen", "schap", "ment"}

// negatives deny; two of them in one clause are hard to follow. So is one with an
// exception after it.
var (
	negatives = set("niet geen nooit niemand niets nergens noch nimmer onvoldoende ontbreken ontbreekt ontkennen uitgesloten evenmin ongebruikelijk onmogelijk onjuist onwaarschijnlijk onterecht onbelangrijk onverstandig ontkomen nalaten")
	excepts   = set("tenzij behalve alvorens")
)

// numberWords are numbers that read easier in figures.
var numberWords = set(`
twee drie vier vijf zes zeven negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien twintig dertig veertig vijftig zestig zeventig tachtig negentig honderd duizend
eenentwintig tweeëntwintig vierentwintig vijfentwintig achtentwintig zesendertig achtenveertig anderhalf anderhalve
`)

// clockWords stand beside a number that tells the time.
var clockWords = set("kwart half over voor uur minuten")

// smallNumbers are those that many writers spell out.
var smallNumbers = set("twee drie vier vijf zes zeven negen tien")

// dutchShortened are abbreviations that end in a full stop, without it.
var dutchShortened = set(`
aanw afd afz art bijv blz ca dhr dr drs e.d e.e.a enz etc evt excl fig geb i.c i.e incl ing ir jl jls jr max mevr min mr mw mww nl nr nrs o.a par pag prof red resp st tel t.n.v vgl vlg vs zgn
`)

// easyShort are abbreviations that residents know.
var easyShort = set("dr. dhr. mevr. mw. nr. tel. st. drs. mr. ing. ir. bijv.")

// easyCapitals are abbreviations in capitals that residents know.
var easyCapitals = set("id bsn aow pgb sms gft ns anwb uwv svb cak cbr rdw tv pdf usb cv ok gps ggd apk hbo mbo vmbo vwo havo oké eu wc nl wmo ww wia woz duo coa ind ggz kvk btw iban pin ov b v")

// addressing are the words by which a text speaks to the reader, or the
// municipality says what it does itself.
var addressing = set("u uw je jij jouw wij we ons onze ik mij mijn")

// uninflected words have no other forms: "indienen" is none of "indien".
var uninflected = set("indien aldus alsook mits tenzij doch thans reeds heden jegens omtrent inzake immer zulks weder alom veelal teneinde conform circa medio alias tevens mede nader sedert tussen doorgaans nagenoeg destijds")

// subjects are pronouns that verbs follow.
var subjects = set("ik je jij u hij zij ze wij we jullie men iemand niemand")

// orders are verbs with which a sentence can tell the reader what to do.
var orders = set("typ probeer log open sluit noem print download luister druk scan antwoord reageer bewaar koop pak loop rijd help denk verstuur beschrijf tik ruim hang lever bezoek overleg bereken bekijk bedenk onthoud bel vul stuur neem kijk maak vraag geef ga doe zet betaal lees schrijf kies kom meld haal breng let wacht leg bewaar gebruik klik zoek schrijf controleer onderteken vertel laat houd teken zorg plak wilt wil kunt kun heeft heb hebt bent gaat woont moet mag krijgt lukt")

// lawWords name a kind of law, or a place in one.
var lawWords = set("wet wetboek verordening besluit regeling beleidsregel beleidsregels artikel lid titel afdeling paragraaf bijlage richtlijn awb apv amvb bw")

// irregular gives the forms of verbs that cannot be found by rule.
var irregular = map[string]string{
	"zijn":     " ben bent is was waren geweest ",
	"hebben":   " heb hebt heeft had hadden gehad ",
	"worden":   " word wordt werd werden geworden ",
	"gaan":     " ga gaat ging gingen gegaan ",
	"staan":    " sta staat stond stonden gestaan ",
	"doen":     " doe doet deed deden gedaan ",
	"zien":     " zie ziet zag zagen gezien ",
	"slaan":    " sla slaat sloeg sloegen geslagen ",
	"nemen":    " neem neemt nam namen genomen ",
	"komen":    " kom komt kwam kwamen gekomen ",
	"geven":    " geef geeft gaf gaven gegeven ",
	"brengen":  " breng brengt bracht brachten gebracht ",
	"blijven":  " blijf blijft bleef bleven gebleven ",
	"houden":   " houd houdt hou hield hielden gehouden ",
	"laten":    " laat liet lieten gelaten ",
	"dragen":   " draag draagt droeg droegen gedragen ",
	"treden":   " treed treedt trad traden getreden ",
	"vallen":   " val valt viel vielen gevallen ",
	"liggen":   " lig ligt lag lagen gelegen ",
	"zitten":   " zit zat zaten gezeten ",
	"raken":    " raak raakt raakte geraakt ",
	"lopen":    " loop loopt liep liepen gelopen ",
	"krijgen":  " krijg krijgt kreeg kregen gekregen ",
	"vinden":   " vind vindt vond vonden gevonden ",
	"roepen":   " roep roept riep riepen geroepen ",
	"spreken":  " spreek spreekt sprak spraken gesproken ",
	"trekken":  " trek trekt trok trokken getrokken ",
	"stellen":  " stel stelt stelde stelden gesteld ",
	"leggen":   " leg legt legde legden gelegd ",
	"maken":    " maak maakt maakte maakten gemaakt ",
	"voeren":   " voer voert voerde voerden gevoerd ",
	"dienen":   " dien dient diende dienden gediend ",
	"achten":   " acht achtte achtten geacht ",
	"zenden":   " zend zendt zond zonden gezonden ",
	"bieden":   " bied biedt bood boden geboden ",
	"wijzen":   " wijs wijst wees wezen gewezen ",
	"sluiten":  " sluit sloot sloten gesloten ",
	"strijken": " strijk strijkt streek streken gestreken ",
}

// notParticiples look like participles: nouns, verbs in the present tense and
// adjectives that everybody knows.
var notParticiples = set(`
beleid besluit bericht bestand bewind verstand verband verbod verzet gebied geluid geduld geweld gewicht gezicht gebit gerecht gevecht gemoed getuigt bezit verdriet overleg gebod geslacht gedicht verkeer bestaat verstaat begint verdient gebeurt geldt gelooft geneest gehoorzaamt gedraagt gelijkt genoot
gemeent gemeente gebouwen gebieden gevolgen gesprekken gezinnen gebruiken getuigen geloven gebeuren gelden genieten geweren gemeenten gewichten gezichten geheimen gerechten gedachten gebreken gewoonten gebaren getallen geesten geven geluiden geschillen gedragen
bekend bereid verkeerd gezond verliefd getrouwd geboren beroemd gewond geliefd gewend gehuwd gescheiden gehandicapt bejaard gezien overleden geleden verleden samengesteld
`)

// intransitive participles do not make a passive with zijn.
var intransitive = set("gekomen gegaan gebleven geworden geweest gebeurd gestopt geslaagd gegroeid gedaald gestegen begonnen verhuisd vertrokken verdwenen ontstaan geboren getrouwd bekend")

// participle reports whether a word looks like a past participle.
func participle(w string) bool {
	if len(w) < 5 || notParticiples[w] || finiteVerbs[w] || strings.HasSuffix(w, "end") {
		return false
	}
	if strongParticiples[w] {
		return true
	}
	end := w[len(w)-1]
	// Of verbs with be- and the like the present tense looks like the participle:
	// "betaalt". Only after these consonants can -t end a participle.
	regular := end == 'd' || end == 't' && strings.IndexByte("kfshpxtc", w[len(w)-2]) >= 0
	for _, prefix := range [...]string{"be", "ver", "ont", "her", "er"} {
		if strings.HasPrefix(w, prefix) && regular && len(w) > len(prefix)+3 {
			return true
		}
	}
	i := strings.Index(w, "ge")
	if i < 0 || i > 6 || len(w)-i < 5 || w[i+2] == 'e' || i > 0 && !particles[w[:i]] && !separable[w[:i]] || notParticiples[w[i:]] {
		return false
	}
	return end == 'd' || end == 't' || strings.HasSuffix(w, "en") || strings.HasSuffix(w, "aan")
}

// separable are further first parts of separable verbs.
var separable = set("vrij goed thuis plaats deel kennis klaar schoon waar bekend samen stop teleur voorbij weer zeker achteruit heen hier los mis")
