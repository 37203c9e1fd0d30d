package intents

import "github.com/balie-nl/balie/bot"

// safetyPhrases is the lexicon of the safety labels: a phrase a line, in the
// notation of compilePhrase. Words are compared by sound, so one spelling is
// enough. "er" also stands for der and dr, "niet" for nie, and so on: the
// phrases are matched after normalisation.
//
// Leave out what the classifier can do on its own; put in what must never be
// missed, and test both it and its harmless neighbours.
var safetyPhrases = []struct {
	label   bot.Intent
	meaning finding
	short   int // only for messages of at most so many words, 0 for all
	phrases string
}{
	// Words that name suicide.
	{label: bot.Suicide, meaning: certain, phrases: `
		zelfmoor*
		zelfdoding*
		zelf doding
		suicid*
		suiside|suicide
		kill myself|my
		mezelf|me|mij|mijzelf|mezelluf|zichzelf|haarzelf|hemzelf|jezelf van kant
		mezelf|mijzelf|zichzelf|haarzelf|hemzelf dood|doden|vermoorden|ophangen|verdrinken|doodmaak*|doodmaken
		me|mij eigen van kant|kapot
		eigen van kant
		hang|verhang|ophangen me|mezelf|mijzelf op
	`},
	// Wanting to be dead, unless it is of laughter.
	{label: bot.Suicide, meaning: likely, phrases: `
		ik wil|wou|wilde|wilt dood
		ik dood wil|wou
		dat|zegt|zeg|zei hij|ze|zij|ie dood wil|wilt|wou|wilde
		beter|liever dood
		dood gaan wil
		wil dood gaan
		wil|wilt doodgaan
		trein springen
		kan|ken|hoef niet|nooit meer leven|bestaan
		zegt|zegge*|zeggen ... dood moet
		niemand mist mij|me
		ik spring straks|gewoon|strakjes|vanavond
		van|vanaf|op de reling|brug|flat|dak|parkeerdek|balkon ... springen|spring|sprong
		spring van de|het brug|flat|dak|balkon
		goodbye letter
		afscheid ... pillen
		spring|springen|gooien|gooi|stap|stappen|ga|liggen|lig voor de trein|metro
	`},
	// Not wanting to live, by the writer or someone near.
	{label: bot.Suicide, meaning: certain, phrases: `
		wil|wilt|wilde|willen niet leven
		niet|nooit meer wil|wilt|wilde|wou|willen leven|bestaan
		is niet meer leven
		niet meer willen|wille zijn
		wil|wilt|wilde|willen niet|nooit meer leven|bestaan
		geen|niks zin meer leven
		geen zin meer om te leven
		niet|niks meer leven wil|wilt|wilde
		leven niet|nix meer waard
		moe van leven
		klaar met leven
		denk* ... doodgaan|zelfdoding
		denk* aan de dood
		verlang naar|ernaar dood
		want to die
		be alive anymore
		will nicht mehr leben
		not want to live
		don|dont want to live
		yasamak istemiyorum
		chce juz zyc
	`},
	// Ending it, stepping out, not being there any more.
	{label: bot.Suicide, meaning: certain, phrases: `
		eind|einde|ent aan maak|maken|make|gaan|maakt|mak
		maak* er een eind|einde aan
		einde|eind aan mijn|me|zijn|haar leven
		punt achter mijn|me|zijn|haar leven
		niet|nooit meer wakker worden|wordt|hoeven
		ik|hij|zij|ze er niet meer zijn|wil|wou
		wil|wilt|wou er niet meer zijn
		niet meer zijn wil|wilt
		beter|opgelucht|blij ... zonder mij
		opgelucht|beter|blij ... als ik dood|weg ben
		iedereen beter af
		ik er niet meer ben
		straks|morgen ben ik er niet meer
		zie|ziet geen uitweg
		nog maar 1|een uitweg
		wat|iets aandoen mezelf|zichzelf|mijzelf|haarzelf|hemzelf
		mezelf|zichzelf|mijzelf|haarzelf|hemzelf ... iets|wat aandoen|aan
		jezelf|mezelf|mijzelf iets|wat wil|aan doen
		doodswens|doodwens|doodsverlangen
		uit het leven stappen|stap|stapte|gestapt
		liever|rather sterven|sterf|die than|dan
		dood|haar|hem achterna wil|wou|gaan
		ik|mij|mezelf dit is mijn|me einde|eind
		ik ga weg voor altijd
		zorg|zorgt|zorgen goed voor mijn|me kat|hond|kinderen|kind ... weg|altijd|straks|ik
		slapen|slape|slapn ... niet|nt|nooit meer|wakker worden|worde|wordt
		geen|gn uitweg|uitwg
		zelf|mezelf iets aan doen
		tegen een|n|de boom|viaduct|muur|pijler rijden|rijde|rij
		auto|truck|vrachtwagen ... tegen viaduct|pijler ... hoofd|beeld|rijden
		tonight|vanavond ... last|laatste night|avond|nacht
		end|ending|take my|their|his|her|own life
		hang|shoot|kill|hurt|harm myself|himself|herself
		ich|will sterben|umbringen|tot sein
		mich umbringen|toten
		je veux|vais mourir|me tuer|suicider
		intihar*
		samoboj*
		zabic|zabije sie
		самогуб*
		самоуб*
		не хочу жити|жить
		انتحار
		أريد أن أموت
		bghit nmout|nmut
		mi no ke biba mas
		quiero morir
		afscheidsbrief
		pillen gespaard|opgespaard
		spaart pillen
		snijd*|snij|snijdt|krast zichzelf|mezelf|mijzelf
	`},
	// The same in words that are also said of a job, a club or a subscription.
	{label: bot.Suicide, meaning: doubtful, phrases: `
		stap er uit|eruit
		kan|ken niet meer
		hoef* niet meer
		hoeft voor mij niet
		heeft|heb geen zin meer
		niks meer om voor te leven
		geen uitweg
		wil niet meer
		dood
		springen|spring
		alleen nog|nog maar naar haar|hem toe
		laatste brief van mij|is|me
		afscheid nemen
		laatste avond|bericht|dag|nacht
		vaarwel
		pijn mezelf
		niemand mist mij|me
		praten met iemand
		klaar mee|met alles
		snijd|snijdt|snijden
		pillen
		eind
	`},
	// Figures of speech. People laugh, work and pay themselves to death.
	{label: bot.Suicide, meaning: figurative, phrases: `
		lach*|lag*|schaam*|schrik*|schrok*|verveel*|erger*|werk*|zoek*|betaal*|wacht*|vries*|bloed*|zweet*|stoor* me|mij|mezelf|je|ons ... dood|kapot|rot
		me|mij|mezelf|je|ons dood lach*|gelach*|schaam*|geschaamd|schrik*|geschrokken|verveel*|vervel*|erger*|ergeren|werk*|gewerkt|zoek*|gezocht|betaal*|betalen|wacht*|schamen
		lach*|schaam*|schrik*|verveel*|erger* dood
		doodlach*
		batterij|telefoon|accu|boom|bomen|plant|struik|lijn|internet ... dood
		dood spoor
		stap|stappen over naar|op|van
		spring|springt uit mijn|me|zijn vel
		eind|einde aan mijn|me|een|de|het vergunning|contract|uitkering|huwelijk|abonnement|hulp|pgb|cursus|traject|inschrijving
		dode|dood hond|kat|boom|vogel|konijn|vis|eend|dier|rat
		hond|kat|vogel|konijn|rat dood
		leven van mijn|me|een|dit|de|deze|die|het|zo|bijstand|uitkering|geld|loon|aow|euro|000|0000
		kind*|jongeren|jeugd|jongens|hond* ... springen|spring
		sterf|sterft|sterven van de kou|hitte|honger|warmte
	`},
	// What somebody cannot do any more says that there is another trouble.
	{label: bot.Suicide, meaning: explained, phrases: `
		kan|ken|kunnen|kunne niet meer lopen|lope|zien|horen|hore|werken|werke|betalen|betale|fietsen|fietse|koken|koke|tillen|tille|bukken|bukke|lezen|leze|schrijven|rijden|rije|parkeren|parkere|inloggen|vinden|vinde|wachten|wonen|wone|trappen|traplopen|poetsen|poetse|schoonmaken
	`},
	// Violence by name, and places of refuge.
	{label: bot.HomeViolence, meaning: certain, phrases: `
		huiselijk geweld
		huiselijkgeweld
		kindermishandel*
		kinder mishandel*
		mishandel* kind*|vrouw|mij|me|moeder|ouder*|partner
		blijf van mijn lijf*
		veilig thuis
		uithuwelijk|uithuwelijken|uithuwelijkt|uithuwelijking|uithuweliken
		uitgehuwelijk|uitgehuwelijkt|uitgehuwelikt
		huwelijksdwang
		eerwraak
		eergerelateerd*
		eer gerelateerd
		ouderenmishandeling
		ouderen|bejaarden mishandel*
		mishandeling|mishandelt|mishandeld|mishandelen buurvrouw|buurman|buren|buur|buurkind*|opa|oma|thuis|bewoner
		opvang|vrouw|vrouwen|buurvrouw|oma|opa ... mishandeld|mishandelt|mishandeling
		huisverbod
		gestalkt|stalkt|stalker|stalking|gestalked
		verkracht*
		besnijden|besnijdenis ... meisje|dochter|nichtje|zusje|somalie
		vrouwenopvang
		vrouwen opvang
		opvang voor vrouwen|vrouwe
		weglopen|weglope|vluchten van|voor haar|er|mijn|me man
		gewelddadig* ... man|vriend|vrouw|ex|partner|vader|zoon|relatie
		loverboy*
	`},
	// Somebody at home hits, kicks or threatens.
	{label: bot.HomeViolence, meaning: likely, phrases: `
		man|vriend|ex|partner|vrouw|vader|moeder|pa|papa|mama|zoon|broer|broers|stiefvader|schoonmoeder|hij|vriendin|ze|zij sla|slaat|slaad|slaan|sloeg|schop|schopt|mept|mep|bijt|stompt|knijpt|wurg*|mishandel* mij|me|mijn|ons|kind*|kids|haar|hem|mama|papa|moeder|zusje|broertje|weer
		man|vriend|ex|partner|vrouw|vader|moeder|pa|papa|mama|zoon|stiefvader|vriendin ... geslagen|geslage|geschopt|gewurgd|mishandeld
		sla|slaat|slaad|schop|schopt|mept mij|me|ons|mijn door|kind*|mama|haar
		wordt|ben|word|werd|wordt geslagen|geslage|mishandeld door ... man|vriend|ex|partner|vader|moeder|zoon|papa|mama
		man|vriend|ex|partner|vrouw|vader|zoon|broer|familie|hij bedreigt|bedreig|bedreigd|dreigt|dreig mij|me|ons|kind*|haar|vermoorden
		bedreigd|bedreigt|bang|geslagen|geslage|mishandeld door|voor|van mijn|me man|vriend|ex|partner|vader|zoon|broer*|familie
		hij|man|vriend|ex|vader doet|doed|doe mij|me|ons pijn
		doet|doe mama|papa|mij|moeder pijn
		hij|ze|zij doet haar|ons pijn
		keel dicht*|dichgeknepe
		maak|maakt|ik ik|hij je|me|jou|mij dood|kapot
		dan vermoord ik|hij|ie
		being|are|is beaten at home
		my|mijn husband|dad|father|boyfriend|stepdad beats|hits|hurts|kicks|threatens|abuses|chokes
		domestic violence
		child abuse
		abusive husband|partner|boyfriend|father|relationship|ex
		hausliche gewalt
		mann|vater|freund schlagt|schlaegt|sperrt|bedroht mich|uns|ein
		mari|copain|pere|compagnon me|m|nous bat|frappe|menace
		violence conjugale
		kocam|babam|abim|esim beni|bizi dovuyor|dovdu|vuruyor|tehdit
		zawji|zoji|rajli|raajli|jozi yadrib*|kaydreb*|ydrab*|darabni|yadribni
		maz|ojciec|partner|facet mnie|nas bije|uderzyl|grozi
		мій|чоловік|хлопець|батько ... бє|бьє|побив|бьет|бие
		муж|отец|парень|отчим ... бьет|бьёт|избил|избивает
		mi kasa|mener|tata|ex ta|a bati|dal mi|nos
		زوجي|ابي|زوجها يضربني|يضربنا|ضربني|يضربها
		hoor|horen|hore ... buurvrouw|buren|vrouw|kind gillen|gille|klappen|smeken|schreeuwen|krijsen
		buurkind|buurmeisje|buurjongetje|kind ... blauw op arm|armen|gezicht|rug|benen
		durft|durf na school niet naar|mee huis
		hij|man|vriend|vader|ex|ze sluit|sloot|sluiten|sperrt mij|me|haar op
		moet|moeten trouwen|trouwe|trouw van|vn|vande mijn|me ouders|oudrs|vader|familie
		moet trouwen met man|iemand|hem ... niet|ken
		willen|wille|sturen|halen|stuure|brengen|brenge mij|me|mijn|haar|zusje ... trouwen|uithuwelijken|besnijden|besnijde
		mariage ... ne veux pas|niet|force
		mariage force
		zorla evlendir*
		besnij* ... dochter|meisje|zusje|somalie|vakantie
		he|husband|boyfriend|man hits|beats|hit me|her|my
		mein mann|freund|man schlagt|schlaegt
		kocam beni dovuyor
		maz mnie bije
	`},
	// Control, forced marriage, fear of those at home.
	{label: bot.HomeViolence, meaning: likely, phrases: `
		mag|mogen niet naar buiten|buite van|met|door mijn|me|hem man|vriend|vader|ouders|broer*|hem
		mag niet naar buiten|buite van me|mijn|hem
		mag niets|geen telefoon|geld|vriend* van|hebben ... man|hem
		sluit mij|me op
		sluit mij|me|haar buiten
		opgesloten|opgeslote in|door ... kamer|huis|man|kelder|balkon
		moet|moeten|dwing*|gedwongen|willen trouwen|trouw met mijn|me|een neef|oom
		willen|moet ... met mijn|me neef|oom trouw|trouwen
		gedwongen trouw*|huwelijk|huwelijken|uithuwelijken
		tegen mijn|me wil trouwen
		mij|me|ik|zusje|nichtje naar turkije|marokko|somalie|pakistan|afghanistan|irak ... trouwen|uithuwel*
		durf|durven niet naar huis
		gevlucht voor|van|uit ... man|vriend|ex|vader|partner|vrouw
		weg bij|van mijn|me gewelddadige man|vriend
		komt snachts|nachts op mijn|me kamer
		vader|stiefvader|oom|opa|broer zit|komt|raakt aan mij|me|haar
		blauwe plek* ... kind*|buurmeisje|buurjongen|vriend|man|leerling
		kind*|buurmeisje|buurjongen|leerling|buurkind|zus|dochter|vriendin ... blauwe plek*
		ex staat ... deur
		ex volgt|volg|achtervolg* mij|me
		familie|de te schande|schande maak*
		hij|man|vriend|ex laat mij|me niet eten|weggaan
		gooi*|smijt met borden|spullen|servies naar|mij|me
		duwt|duwd mij|me van de trap
		oom|vader|stiefvader|opa|broer|hij doet dingen met mij|me
		oom|hij|iemand zit|komt aan mij|me|kind*|kleinkind*|dochter|zoontje
		blauw oog ... gevallen
		drinkt ... verstoppen
		klap voor|op mijn|me kop|gezicht|hoofd
		striemen
		met een riem krijgt|geslagen|slaat
		help mij|me weg te komen
		controleert mijn|me telefoon
		kind gillen|gilt|schreeuwt ... klappen|slaan|buren
		kind gillen|gil buren
		thuis opgesloten
		dwingt mij|me voor|om
		wordt|word geknepen|geslagen|opgesloten|opgeslote
		opgesloten op het balkon
		balkon opgesloten
		gps tracker
		naaktfoto* ... ex|dreigt|doorgestuurd
	`},
	// The same in words with harmless uses.
	{label: bot.HomeViolence, meaning: doubtful, phrases: `
		mijn|me ex
		slaan|slaat|sla|slaad|slaag|slagen
		schreeuw*|gillen|gilt
		mag niet ... van me|mijn man
		trouwen|trouw met mijn|me
		bang|durf
		bedreig*|dreig*
		mishandel*
		geweld|gewelt
		hij pakt|controleert|volgt
		pakt mijn geld|pinpas|telefoon
		mag niet van
		boos ... vader|man|hij
		vluchten|gevlucht|weglopen
		blijf van mijn lijf
		pijn
		klappen
		schande
		misbruik*
		opgesloten
	`},
	// Not people at home.
	{label: bot.HomeViolence, meaning: figurative, phrases: `
		dat|dit slaat|sla nergens op
		klap die|de|deze rekening|nota|aanslag|factuur
		sla|slaat de brug|plank|spijker|weg|af|rechtsaf|linksaf
		sla*|slaan dat|dit|het over
	`},
	// Fire, gas, water.
	{label: bot.Emergency, meaning: likely, phrases: `
		brand|brant|fik in|bij|op de|het|mijn|me keuken|huis|flat|schuur|straat|buren|dak|zolder|kamer|woonkamer|gebouw|portiek|berging
		staat|staan|stat|stond ... in brand|brant|fik|lichterlaaie
		huis|flat|schuur|keuken|auto|gebouw|woning|dak in brand|fik
		er is|woedt brand
		help brand*
		brand help
		fire in my|the|our building|house|kitchen|flat
		ruik|ruiken|ruikt|ruk gas
		gas ruik|geur|lucht sterk|huis|straat
		gaslucht|gaslek*
		gas stank|stroomt|stinkt|spuit
		stank|stinkt|stinkt|lucht van|naar gas ... huis|trappenhuis|portiek|flat|duizelig|misselijk|buren|straat
		smell|smells gas
		gas leak|leaking
		gazgeruch
		gas lek*
		koolmonoxide* ... piept|af|misselijk|alarm
		ontploffing|explosie|ontploft
		yangin var
		zwarte|dikke rook
		rook uit meterkast|huis|dak|raam|keuken|flat|stopcontact
		door het ijs gezakt
		kind|kindje|iemand|man|vrouw|meisje|jongen|baby in|te het|t water|kanaal|sloot|gracht|vijver gevallen|help|ligt|lig|gereden|drijft|drijf
		verdrink*
		verdronken
		drowning
		kind|kindje|iemand|man|vrouw|meisje|jongen|baby|meisie in|te het|t|de|een wtr|water|kanaal|sloot|gracht|vijver|rivier|zwembad
		kind|kindje|kleuter|peuter|dochter|zoontje ... weg|kwijt|zoek ... water|kanaal|sloot
		stroomdraad|stroomkabel|hoogspanningskabel|elektriciteitsdraad ... straat|water|grond|kinderen|kindere|spelen
		stroom draad|kabel ... straat|water|grond|kinderen|kindere
	`},
	// A body that fails.
	{label: bot.Emergency, meaning: likely, phrases: `
		ademt|adem|ademen|ademd niet|nie|nauwelijks|raar
		niet meer ademen|ademt|adem|ademhalen
		krijgt|krijg|kreeg geen lucht
		bewusteloos|bwusteloos|bewustloos|buitenwesten
		buiten westen
		unconscious
		not|cant|can breathing|breathe
		ligt|lig|lag iemand|iemnd|man|vrouw ... grond|straat|stoep
		buiten bewustzijn
		reageert|reageer|reageren niet meer
		hij|zij|ze|oma|opa|moeder|vader|buurvrouw|buurman|baby beweegt|beweeg niet
		oma|opa|moeder|vader|buurvrouw|buurman|baby ... reageert|reageer niet|nergens
		beweegt|beweeg niet meer
		doet niet meer ogen open
		stopt niet met bloeden
		gestikt|stikt|verslikt|verstikt in|eten|baby|kind|blauw
		stikt|stikken in
		stik in een|zijn
		hartaanval|hartstilstand|herzinfarkt|hartinfarct|heartattack
		hart aanval|stilstand|infarct
		heart attack
		heeft|heb een beroerte
		auto te water
		auto in het|de water|kanaal|sloot|gracht
		zit|zitten vast ... boom|auto
		boom ... zit vast
		mond|gezicht hangt|hang scheef
		pijn op de|mijn|me borst
		wordt niet wakker
		bloed* ... hoofd|stopt|veel|erg|hevig|dood
		alles|overal|onder|veel bloed|bloet
		ambulance|ambulans|ambulanse|zieken|ziekewagen|ziekenauto nodig|snel|nu|bellen|sturen|bel|komen
		bel|stuur|send|call ambulance|ambulans|ambulanse|ziekenwagen|help
		pillen|schoonmaakmiddel|gif|gootsteenontstopper|ontstopper|bleek|bleekmiddel|chloor|terpentine|wasbenzine|afwasmiddel|vaatwastablet|batterij|knoopcel gegeten|opgegeten|gedronken|geslikt|gedronke|geslikt|binnen|ingeslikt
		schoonmaak|schoonmaak middel|middel gedronken|gedronke|geslikt
		dronk|drinkt ... schoonmaakmiddel|bleek|chloor
		vergiftigd|vergiftiging|vergiftigt
		hete|heet|kokend|kokende thee|water|olie|soep|koffie over|op
		lippen zijn blauw
		overdosis
		mensen|mannen|kinderen|iemand flauw
		bevalling begonnen
		vliezen gebroken
	`},
	// Violence and crime that goes on now, and accidents.
	{label: bot.Emergency, meaning: likely, phrases: `
		man|vrouw|iemand|jongen|gast|vent|hij|ze met een|n|op mes|pistool|wapen|vuurwapen|machete|bijl
		mes|pistool ... deur|straat|winkel|plein|nu
		schiet|geschoten|schieten|schietpartij|schoten hier|straat|buurt|gehoord|buiten
		wordt|word geschoten|gestoken|neergestoken|gevochten|ingebroken
		neergestoken|gestoken|gestoke
		steekpartij|schietpartij|gijzeling
		zwaait|zwaaien|loopt|loop|dreigt|dreigen met een|n|de mes|bijl|pistool|geweer|zwaard|machete|wapen|hakbijl
		zwaait|zwaaien|dreigt|dreigen met mes|bijl|pistool|geweer|zwaard|machete|wapen
		meisje|jongen|kind|vrouw|iemand ... busje|auto|bestelbus ingetrokken|in getrokken|gesleurd|getrokken
		inbrkr
		steekt|steken iemand|mensen neer
		slaat|slaan|schoppen iemand|jongen|man|meisje in elkaar
		inbreker* in|is|aan|bij|nu
		inbreker
		ingebroken|ingebroke ... nu|moment|binnen|binne|bezig
		probeer*|prebeer*|proberen ... in|open te breken|trappen|trappe
		word|wordt|ben achtervolgd
		aangereden ... beweegt|gewond|bloed*|ligt|lig|ademt|fiets*|kind
		is aangereden
		aanrijding ... gewond*|bloed*|nu
		ongeluk ... gewond*|vast|bloed*|send|help
		is|er een|groot|zwaar ongeluk hier|gebeurt|gebeurd
		is|er ongeluk gebeurd|gebeurt
		iemand|man|vrouw|kind ligt|lig|leg|leit op de|het grond|straat|stoep|fietspad
		zwaar gewond
		emergency
		noodgeval
		levensgevaar
		overval* winkel|bezig|nu|net
		elkaar geslagen|slaan|slaat nu|man|jongen
		kind|zoontje|dochter|dochtertje|jongetje|meisje|kleinkind|zoon ... kwijt|zoek|vermist bij|uur|minuten|water|park|uren
		politie nu|snel nodig|komen|sturen
	`},
	// A whole message that is a cry for help.
	{label: bot.Emergency, meaning: likely, short: 3, phrases: `
		112
		sos
		brand
		fik
	`},
	{label: bot.Emergency, meaning: likely, short: 2, phrases: `
		help help
		help|hellup
	`},
	// The same in words with harmless uses.
	{label: bot.Emergency, meaning: doubtful, phrases: `
		112
		brand|brant|fik
		rook
		gas
		help ... snel|nu|please
		ambulance|ambulans*
		bloed*
		gewond*
		politie
		mes|pistool|wapen
		ingebroken|ingebroke|inbraak
		ongeluk
		aangereden
		gestikt|stikt
		vechten|vecht|vech|gevecht
		gevallen ... bloed*|grond|hoofd
		stroomkabel|kabel ... vonk*|vonken
		flauw* vallen|gevallen|valt
		beroerte
		dik keel
		onder de trein|tram|auto
		gevaar*
		ingestort
		vermist
	`},
	// Fire and blood that are not.
	{label: bot.Emergency, meaning: figurative, phrases: `
		brandvergunning*
		niet 112 is|maar|nodig
		van het gas af
		gevallen ... hulp in|bij|met huis|huishouden|schoonmaken
		brand vergunning*|veilig*|oefening
		vuur|kamp|bbq|barbecue stoken
		bloed donor|bloeddonor
		uit de brand
		vorige|afgelopen week|maand|jaar|zomer|winter ... ingebroken|inbraak|brand|aangereden|gestolen|ongeluk
		geleden ... ingebroken|brand|aangereden|beroerte|hartaanval
		na|sinds|door mijn|me|een|zijn|haar beroerte|hartaanval|hartinfarct|herseninfarct|ongeluk
		beroerte|hartaanval|hartinfarct gehad|gekregen
		brandgang*
		lantaarn*|lamp*|straatlantaarn*|verlichting|licht|kaars* ... brand
		hoofd staat|in|ontploft brand|brant|ontploft
		hoofd ontploft
	`},
}
