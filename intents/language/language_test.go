package language_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/intents/language"
)

func loaded(t testing.TB) *language.Recogniser {
	t.Helper()
	r, err := language.Load()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRecognise(t *testing.T) {
	t.Parallel()
	r := loaded(t)
	for want, messages := range map[bot.Language][]string{
		"en":  {"Do you speak English?", "hello i lost my passport", "WHEN ARE YOU OPEN", "where is the gemeente", "I got a letter about bijstand, what is it?"},
		"de":  {"Sprechen Sie Deutsch?", "ich brauche einen termin", "was ist das", "kein geld mehr", "WO IST DAS RATHAUS"},
		"fr":  {"Bonjour", "j'ai perdu ma carte", "parlez vous francais", "je comprends pas"},
		"es":  {"¿Habla español?", "no entiendo nada", "necesito ayuda por favor", "donde esta la oficina"},
		"tr":  {"Türkçe biliyor musunuz", "turkce konusan var mi", "PASAPORT İSTİYORUM", "randevu almak istiyorum", "belediye kacta aciliyor"},
		"pl":  {"dzień dobry", "dziekuje bardzo", "czy ktos mowi po polsku", "ZGUBIŁEM PASZPORT", "potrzebuje pomocy"},
		"pap": {"bon dia, kon ta bai", "mi ke hasi un sita", "unda mi por haña pasport nobo"},
		"so":  {"waxaan rabaa baasaboor", "fadlan i caawi", "ma ku hadashaa af soomaali"},
		"ar": {
			"أريد جواز سفر", "شو لازم اعمل هلق", "بغيت الباسبور ديالي", "شُكراً",
			"salam bghit lpasaport", "3afak 3awenni", "shu lazem a3mel", "wach kayn chi wa7ed", "KIFACH NDIR DABA",
		},
		"fa": {"می\u200cخواهم وقت بگیرم", "فارسی بلدید", "کمک لازم دارم"},
		"uk": {"Добрий день", "потрібна допомога", "не розумію", "ДЕ ПАСПОРТ? ПОТРІБЕН ПАСПОРТ"},
		"ru": {"Добрый день", "нужна помощь", "не понимаю", "письмо от gemeente"},
		"ti": {"ሰላም", "ትግርኛ ትዛረብ ዶ", "ፓስፖርት የድልየኒ"},
		"nl": {
			"Ik kom uit Warszawa", "hoe zeg je спасибо in het russisch", "السلام عليكم ik wil een paspoort aanvragen",
			"My passport got stolen, wat moet ik doen?", "ik wil in english praten",
		},
	} {
		for _, m := range messages {
			if got := r.Recognise(m); got != want {
				t.Errorf("%q is %q, want %q", m, got, want)
			}
		}
	}
}

// TestDutchTraps has what must never be taken for another language.
func TestDutchTraps(t *testing.T) {
	t.Parallel()
	r := loaded(t)
	for kind, messages := range map[string][]string{
		"misspelt":    {"k hep me paspoort verlore", "wanner komt de vuilnes", "hoelaat zij jullie ope", "ik begreip da nie", "wa mot ik doen dan", "GRAG N AFSPRAK"},
		"Brabants":    {"wa kost da hier", "ge kunt er op rekenen", "hoe laot zedde gij ope", "witte gij da nie"},
		"Twents":      {"woar mu'k wean veur n pas", "wat kost dat dan wal nich", "kö'j mie effen helpen"},
		"Gronings":    {"moi, hou loat binnen ie open", "ik wait t nait", "moi moi"},
		"Limburgs":    {"ich höb 'n vraog", "wo is dat gemeintehoes", "wie laat zeet geer aope", "ich wil gaer get vraoge"},
		"Zeeuws":      {"'k è d'n brief nie esnapt", "oe laete bin julder open"},
		"Vlaams":      {"amai da's duur zulle", "ik zou ne nieuwe pas willen", "wablieft"},
		"Frisian":     {"hoe let binne jim iepen", "ik wol graach in nij paspoart", "goeie, ik ha in fraach"},
		"street":      {"ewa bro", "wollah ik heb betaald", "fissa in het park mag dat", "fakka niffo", "skeer deze maand", "inshallah komt t goed"},
		"single word": {"help", "ok", "paspoort", "super", "sorry", "pas", "familie", "had", "die", "war", "man", "bus", "taxi", "mama", "les", "la", "a", "later", "thanks", "bye"},
		"name":        {"Mohammed", "Fatima Zahra", "Ahmed Yilmaz", "Yılmaz Öztürk", "Agnieszka Kowalczyk", "Carlos Hernández", "Jürgen Schmidt", "Pierre Dupont", "Abdullahi Warsame", "Sint Maarten"},
		"no words":    {"", " ", "...", "?", "12", "€ 50,-", "1234 AB", "😀", "👍🏽", "NL91 ABNA 0417 1643 00", "06-12345678", "jan@example.com", "https://example.com/where-is-my-passport", "你好", "\xff\xfe"},
		"loan words":  {"check ff mijn account please", "die update is niet oke", "wat een bullshit dit", "no way dat ik betaal", "merci voor alles he", "hasta la vista dan maar he"},
	} {
		for _, m := range messages {
			if got := r.Recognise(m); got.Foreign() {
				t.Errorf("%s: %q is %q", kind, m, got)
			}
		}
	}
}

// TestDutchNameInAQuestion asks in another script for something that has a Dutch name.
func TestDutchNameInAQuestion(t *testing.T) {
	t.Parallel()
	r := loaded(t)
	for text, want := range map[string]bot.Language{
		"متى أحصل على kinderbijslag":                 "ar",
		"коли прийде kinderbijslag":                  "uk",
		"ik kreeg een brief met انتهى erop":          bot.Dutch,
		"wat betekent انتهت صلاحية in mijn paspoort": bot.Dutch,
	} {
		if got := r.Recognise(text); got != want && (want != bot.Dutch || got.Foreign()) {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// TestHeldOut measures on messages that are not in the texts.
func TestHeldOut(t *testing.T) {
	t.Parallel()
	r := loaded(t)
	right, all := map[string]int{}, map[string]int{}
	for _, fields := range table(t, filepath.Join("testdata", "heldout.tsv"))[1:] {
		text, tag := fields[0], fields[1]
		got := r.Recognise(text)
		ok := got == bot.Language(tag) || tag == string(bot.Dutch) && !got.Foreign()
		if !ok {
			t.Logf("%q is %q, not %q", text, got, tag)
		}
		if tag == "ar" && text[0] < unicode.MaxASCII {
			tag = "ar-Latn"
		}
		for _, of := range []string{tag, "all"} {
			all[of]++
			if ok {
				right[of]++
			}
		}
	}
	for tag, n := range all {
		bar := 90
		if tag == "all" {
			bar = 95
		}
		t.Logf("%s: %d of %d", tag, right[tag], n)
		if 100*right[tag] < bar*n || n < 40 {
			t.Errorf("%s: %d of %d are right, want %d%% of 40 or more", tag, right[tag], n, bar)
		}
	}
}

// TestDutchSets measures how often Dutch is taken for another language.
func TestDutchSets(t *testing.T) {
	t.Parallel()
	shared := os.Getenv("BALIE_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	if _, err := os.Stat(filepath.Join(shared, "eval")); err != nil {
		t.Skipf("no development sets (set BALIE_SHARED to the folder that has eval): %v", err)
	}
	r := loaded(t)
	for _, set := range []struct {
		file   string
		styles []string // in the third column; none for every message
		most   float64  // part that may be foreign
	}{
		{"dev_residents.tsv", []string{"plain", "lowlit", "long"}, 0},
		{"general/massive_nl_test.tsv", nil, 0.003},
		{"general/xsid_nl_test.tsv", nil, 0.01}, // English titles after one Dutch word
	} {
		foreign, n := 0, 0
		for _, fields := range table(t, filepath.Join(shared, "eval", set.file)) {
			if set.styles != nil && !slices.Contains(set.styles, fields[len(fields)-1]) {
				continue
			}
			n++
			if got := r.Recognise(fields[0]); got.Foreign() {
				foreign++
				t.Logf("%q is %q", fields[0], got)
			}
		}
		t.Logf("%s: %d of %d are foreign", set.file, foreign, n)
		if n == 0 || float64(foreign) > set.most*float64(n) {
			t.Errorf("%s: %d of %d are foreign", set.file, foreign, n)
		}
	}
}

func table(t *testing.T, path string) [][]string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(string(raw)) {
		rows = append(rows, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	return rows
}

// TestTexts checks the texts folder: every line is a message of its own, and none
// is a held-out message.
func TestTexts(t *testing.T) {
	t.Parallel()
	heldOut := map[string]bool{}
	for _, fields := range table(t, filepath.Join("testdata", "heldout.tsv"))[1:] {
		heldOut[fields[0]] = true
	}
	files, err := filepath.Glob(filepath.Join("texts", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no texts: %v", err)
	}
	for _, file := range files {
		seen := map[string]bool{}
		for _, fields := range table(t, file) {
			line := fields[0]
			if len(fields) != 1 || strings.TrimSpace(line) != line || line == "" {
				t.Errorf("%s: %q is not a message", file, line)
			}
			if seen[line] || heldOut[line] {
				t.Errorf("%s: %q is there twice, or held out", file, line)
			}
			seen[line] = true
		}
		if len(seen) < 250 {
			t.Errorf("%s has %d messages, want 250", file, len(seen))
		}
	}
}

func FuzzRecognise(f *testing.F) {
	r := loaded(f)
	for _, seed := range []string{"", "ik wil n pas", "3afak 3awenni", "добрий день gemeente", "می\u200cخواهم", "ሰላም", "\xff", strings.Repeat("a", 5000), "o\u0301\u0301'’1a1"} {
		f.Add(seed)
	}
	tags := map[bot.Language]bool{"": true}
	files, err := filepath.Glob(filepath.Join("texts", "*.txt"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		tags[bot.Language(strings.TrimSuffix(filepath.Base(file), ".txt"))] = true
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := r.Recognise(text)
		if !tags[got] {
			t.Errorf("%q is %q", text, got)
		}
		if again := r.Recognise(" " + text + " "); len(text) < 1000 && again != got {
			t.Errorf("%q is %q, with spaces around it %q", text, got, again)
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := language.Load(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRecognise(b *testing.B) {
	r := loaded(b)
	messages := []string{
		"ik wil n paspoort anvrage wa mot ik meeneme",
		"dzien dobry chce sie zameldowac",
		"Which documents do I need to bring?",
		"كم سعر بطاقة الهوية",
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r.Recognise(messages[i%len(messages)])
	}
}
