package main

import (
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/balie-nl/balie/bot/pipeline"
	"github.com/balie-nl/balie/bot/service"
	"github.com/balie-nl/balie/channels"
	"github.com/balie-nl/balie/channels/sms"
	"github.com/balie-nl/balie/channels/telegram"
	"github.com/balie-nl/balie/channels/twilio"
	"github.com/balie-nl/balie/locales"
)

// exampleConfig is the annotated example file. Without --config it is also the
// configuration: the fictional municipality "Gemeente Voorbeeld".
//
//go:embed balie.example.toml
var exampleConfig string

// exampleTranslations are the facts of that municipality in other languages.
//
//go:embed balie.translations.toml
var exampleTranslations string

// Config is the configuration file with what the environment overrides.
// Secrets stand in the environment only.
type Config struct {
	PublicURL      string            `toml:"public_url"`
	TrustedProxies []string          `toml:"trusted_proxies"`
	Content        Content           `toml:"content"`
	Waste          Waste             `toml:"waste"`
	Database       string            `toml:"database"`
	Facts          map[string]string `toml:"facts"`
	// Translations are facts in other languages, by language and name.
	Translations  map[string]map[string]string `toml:"translations"`
	Hours         Hours                        `toml:"hours"`
	Understanding Understanding                `toml:"understanding"`
	Privacy       Privacy                      `toml:"privacy"`
	Limits        Limits                       `toml:"limits"`
	Places        Places                       `toml:"places"`
	Twilio        TwilioConfig                 `toml:"twilio"`
	Telegram      TelegramConfig               `toml:"telegram"`
}

// Content says where the municipality keeps texts of its own.
type Content struct {
	Folder string `toml:"folder"`
	// Editors are the usernames of who may change texts at the desk.
	Editors []string `toml:"editors"`
}

// Waste says where the days stand on which waste is collected.
type Waste struct {
	File string `toml:"file"`
}

// Hours are the opening hours of the desk.
type Hours struct {
	Monday    string   `toml:"monday"`
	Tuesday   string   `toml:"tuesday"`
	Wednesday string   `toml:"wednesday"`
	Thursday  string   `toml:"thursday"`
	Friday    string   `toml:"friday"`
	Saturday  string   `toml:"saturday"`
	Sunday    string   `toml:"sunday"`
	Closed    []string `toml:"closed"`
}

// Privacy says how long conversations are kept.
type Privacy struct {
	KeepDays int `toml:"keep_days"`
}

// Limits keep one sender, or a machine, from taking or costing too much; zero is
// no limit.
type Limits struct {
	MessagesAtOnce int `toml:"messages_at_once"`
	SMSPerSender   int `toml:"sms_per_sender"`
	SMSPerDay      int `toml:"sms_per_day"`
}

// Places are the names that residents use and only this municipality knows.
type Places struct {
	Streets   []string `toml:"streets"`
	Districts []string `toml:"districts"`
}

// Understanding holds the engine's thresholds; zero means the engine's own.
type Understanding struct {
	Answer  float64 `toml:"answer"`
	Clarify float64 `toml:"clarify"`
}

// TwilioConfig is the SMS channel; it is off when all is empty.
type TwilioConfig struct {
	AccountSID string `toml:"account_sid"`
	Number     string `toml:"number"`
	APIBase    string `toml:"api_base"`
	AuthToken  string `toml:"-"`
	// SecondaryToken is accepted too, while the token is changed at Twilio.
	SecondaryToken string `toml:"-"`
}

// On reports whether the channel is configured.
func (t TwilioConfig) On() bool { return t.AccountSID != "" }

// TelegramConfig is the Telegram channel; it is off without a token.
type TelegramConfig struct {
	APIBase string `toml:"api_base"`
	Token   string `toml:"-"`
	Secret  string `toml:"-"`
}

// On reports whether the channel is configured.
func (t TelegramConfig) On() bool { return t.Token != "" }

// LoadConfig reads the file (the built-in example when the path is empty) and the
// environment. Its error lists every problem with how to mend it.
func LoadConfig(path string, environ func(string) string) (Config, error) {
	text := exampleConfig + "\n" + exampleTranslations
	if path != "" {
		data, err := os.ReadFile(path)
		if err != nil {
			return Config{}, fmt.Errorf("configuration: %w: give the path of an existing file with --config", err)
		}
		text = string(data)
	}
	cfg := Config{Limits: Limits{MessagesAtOnce: pipeline.HumanPace.Burst, SMSPerSender: 300, SMSPerDay: 50_000}}
	meta, err := toml.Decode(text, &cfg)
	if err != nil {
		return Config{}, fmt.Errorf("configuration: %w", err)
	}
	var problems []error
	for _, key := range meta.Undecoded() {
		problems = append(problems, fmt.Errorf("%s: there is no such setting; remove it or correct its spelling", key))
	}
	problems = append(problems, cfg.readEnvironment(environ), cfg.validate())
	return cfg, errors.Join(problems...)
}

// readEnvironment applies the variables. Each can also be given as NAME_FILE,
// the path of a file that holds the value.
func (c *Config) readEnvironment(environ func(string) string) error {
	var problems []error
	set := func(name string, into *string) {
		if value := environ(name); value != "" {
			*into = value
		}
		file := environ(name + "_FILE")
		if file == "" {
			return
		}
		data, err := os.ReadFile(file)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s_FILE: %w: give the path of a readable file", name, err))
			return
		}
		*into = strings.TrimSpace(string(data))
	}
	set("BALIE_PUBLIC_URL", &c.PublicURL)
	set("BALIE_DATABASE", &c.Database)
	set("BALIE_TWILIO_ACCOUNT_SID", &c.Twilio.AccountSID)
	set("BALIE_TWILIO_AUTH_TOKEN", &c.Twilio.AuthToken)
	set("BALIE_TWILIO_SECONDARY_TOKEN", &c.Twilio.SecondaryToken)
	set("BALIE_TWILIO_NUMBER", &c.Twilio.Number)
	set("BALIE_TWILIO_API_BASE", &c.Twilio.APIBase)
	set("BALIE_TELEGRAM_TOKEN", &c.Telegram.Token)
	set("BALIE_TELEGRAM_SECRET", &c.Telegram.Secret)
	set("BALIE_TELEGRAM_API_BASE", &c.Telegram.APIBase)
	return errors.Join(problems...)
}

// validate lists every problem. What a package checks itself when it is made
// (opening hours, facts, thresholds) is left to it.
func (c *Config) validate() error {
	var problems []error
	add := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }

	c.PublicURL = strings.TrimSuffix(c.PublicURL, "/")
	if c.PublicURL != "" && !isBase(c.PublicURL) {
		add("BALIE_PUBLIC_URL: %q is not an address such as https://chat.gemeente.nl, without a path", c.PublicURL)
	}
	for name, base := range map[string]string{"BALIE_TWILIO_API_BASE": c.Twilio.APIBase, "BALIE_TELEGRAM_API_BASE": c.Telegram.APIBase} {
		if base != "" && !isBase(strings.TrimSuffix(base, "/")) {
			add("%s: %q is not an address such as http://127.0.0.1:9000; leave it empty for the real provider", name, base)
		}
	}
	for _, proxy := range c.TrustedProxies {
		if err := channels.CheckProxy(proxy); err != nil {
			add("trusted_proxies: %w", err)
		}
	}
	if c.Database != "" {
		if u, err := url.Parse(c.Database); err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || u.Host == "" && u.Query().Get("host") == "" {
			add("BALIE_DATABASE: must look like postgres://user:password@host/database; leave it empty for SQLite in the folder of --data")
		}
		if c.Telegram.On() && c.Telegram.Secret == "" {
			add("BALIE_TELEGRAM_SECRET: is empty; with PostgreSQL several servers can run, and only one may poll: use a webhook, set this and BALIE_PUBLIC_URL")
		}
	}
	for name, limit := range map[string]int{"messages_at_once": c.Limits.MessagesAtOnce, "sms_per_sender": c.Limits.SMSPerSender, "sms_per_day": c.Limits.SMSPerDay} {
		if limit < 0 {
			add("limits.%s: must be 0 (no limit) or more", name)
		}
	}
	if len(c.Content.Editors) > 0 && c.Content.Folder == "" {
		add("content.folder: is empty, and there are editors; give the folder in which their texts are kept")
	}
	if c.Privacy.KeepDays < 1 {
		add("privacy.keep_days: must be 1 or more, for example 28; conversations are never kept for ever")
	}
	for _, fact := range locales.Required {
		if c.Facts[fact] == "" {
			add("facts.%s: is empty; residents must always be able to find you", fact)
		}
	}

	credentials := map[string]string{
		"BALIE_TWILIO_ACCOUNT_SID": c.Twilio.AccountSID, "BALIE_TWILIO_AUTH_TOKEN": c.Twilio.AuthToken, "BALIE_TWILIO_NUMBER": c.Twilio.Number,
	}
	var absent []string
	for name, value := range credentials {
		if value == "" {
			absent = append(absent, name)
		}
	}
	slices.Sort(absent)
	switch {
	case len(absent) == len(credentials):
		c.Twilio = TwilioConfig{}
	case len(absent) > 0:
		add("SMS is half configured: set %s as well, or none of the three", strings.Join(absent, " and "))
	default:
		if !twilio.ValidAccount(c.Twilio.AccountSID) {
			add("BALIE_TWILIO_ACCOUNT_SID: must start with AC; copy it from the Twilio console")
		}
		if !twilio.ValidToken(c.Twilio.AuthToken) {
			add("BALIE_TWILIO_AUTH_TOKEN: has letters and digits only; copy it from the Twilio console")
		}
		if c.Twilio.SecondaryToken != "" && !twilio.ValidToken(c.Twilio.SecondaryToken) {
			add("BALIE_TWILIO_SECONDARY_TOKEN: has letters and digits only; copy it from the Twilio console")
		}
		if !sms.ValidNumber(c.Twilio.Number) {
			add("BALIE_TWILIO_NUMBER: %q is not a number such as +3197010240000", c.Twilio.Number)
		}
		if c.PublicURL == "" {
			add("BALIE_PUBLIC_URL: is empty; Twilio signs its requests with the public address, so set it to what Twilio calls")
		}
	}

	if c.Telegram.On() {
		if !telegram.ValidToken(c.Telegram.Token) {
			add("BALIE_TELEGRAM_TOKEN: is not a token as @BotFather gives it, such as 123456:ABC-DEF")
		}
		if c.PublicURL != "" && c.Telegram.Secret == "" {
			add("BALIE_TELEGRAM_SECRET: is empty; set 1 to 256 letters, digits, _ or -, so that only Telegram can deliver messages")
		}
		if c.Telegram.Secret != "" && !telegram.ValidSecret(c.Telegram.Secret) {
			add("BALIE_TELEGRAM_SECRET: may hold only 1 to 256 letters, digits, _ and -")
		}
	}
	return errors.Join(problems...)
}

// facts are the municipality's facts with those that follow from other settings.
func (c *Config) facts() map[string]string {
	facts := maps.Clone(c.Facts)
	facts["bewaartermijn"] = strconv.Itoa(c.Privacy.KeepDays) + " dagen"
	return facts
}

// isBase reports whether s is a scheme and a host, and nothing else.
func isBase(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.Path == "" && u.RawQuery == "" && u.User == nil && u.Fragment == ""
}

// service is the configuration of the opening hours.
func (h Hours) service() service.Config {
	return service.Config{Closed: h.Closed, Hours: map[time.Weekday]string{
		time.Monday: h.Monday, time.Tuesday: h.Tuesday, time.Wednesday: h.Wednesday, time.Thursday: h.Thursday,
		time.Friday: h.Friday, time.Saturday: h.Saturday, time.Sunday: h.Sunday,
	}}
}
