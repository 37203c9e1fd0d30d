package desk

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/page"
)

const (
	cookieName  = "balie_desk"
	sessionLife = 12 * time.Hour
)

// session is a login.
type session struct {
	hash     string // of the token
	staff    bot.Staff
	username string
	editor   bool // may change the texts
	csrf     string
}

// handler answers a request of somebody who is logged in.
type handler func(c *fiber.Ctx, s session) error

// session returns who asks, or bot.ErrNotFound.
func (d *Desk) session(ctx context.Context, c *fiber.Ctx) (session, error) {
	token := c.Cookies(cookieName)
	if !page.ValidKey(token) {
		return session{}, bot.ErrNotFound
	}
	s := session{hash: page.Hash(token)}
	account, csrf, err := d.cfg.Accounts.Session(ctx, s.hash, d.cfg.Now())
	if err != nil {
		return session{}, fmt.Errorf("desk: session: %w", err)
	}
	s.staff, s.username, s.csrf = account.Staff, account.Username, csrf
	s.editor = slices.Contains(d.cfg.Editors, account.Username)
	return s, nil
}

// logged wraps a handler; who is not logged in goes to out.
func (d *Desk) logged(next handler, out fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		ctx, cancel := context.WithTimeout(c.UserContext(), requestLimit)
		defer cancel()
		c.SetUserContext(ctx)
		s, err := d.session(ctx, c)
		if errors.Is(err, bot.ErrNotFound) {
			return out(c)
		}
		if err != nil {
			d.cfg.Log.Error("login could not be checked", "err", err)
			return d.notice(c, session{}, fiber.StatusServiceUnavailable, notice{
				Message: d.cfg.Texts.Text("desk.error.store"), Text: typed(c), Back: "/desk",
			})
		}
		return next(c, s)
	}
}

// page is for pages: without a login it leads to one, and back afterwards.
func (d *Desk) page(next handler) fiber.Handler {
	return d.logged(next, func(c *fiber.Ctx) error {
		to := "/desk/login"
		if path := c.Path(); path != "/desk" && inside.MatchString(path) {
			to += "?next=" + path
		}
		return c.Redirect(to, fiber.StatusSeeOther)
	})
}

// data is for what scripts ask.
func (d *Desk) data(next handler) fiber.Handler {
	return d.logged(next, func(*fiber.Ctx) error { return fiber.NewError(fiber.StatusUnauthorized) })
}

// form is for forms: they need the session's own token, and do not lose what was
// typed when the login has expired.
func (d *Desk) form(next handler) fiber.Handler {
	return d.logged(func(c *fiber.Ctx, s session) error {
		if !page.SameOrigin(c) || subtle.ConstantTimeCompare([]byte(c.FormValue("csrf")), []byte(s.csrf)) != 1 {
			return d.notice(c, s, fiber.StatusForbidden, notice{Message: d.cfg.Texts.Text("desk.error.csrf"), Text: typed(c)})
		}
		return next(c, s)
	}, func(c *fiber.Ctx) error {
		return d.notice(c, session{}, fiber.StatusUnauthorized, notice{
			Message: d.cfg.Texts.Text("desk.error.expired"), Text: typed(c), Back: "/desk/login",
		})
	})
}

// inside are the pages that a login may lead to.
var inside = regexp.MustCompile(`^/desk(/c/[0-9]{1,18}|/texts(/[A-Za-z0-9-]{2,8}(/[a-z_]{1,40})?)?)?$`)

// loginView is the login page.
type loginView struct {
	frame
	Username string
	Next     string
	Error    string
}

func (d *Desk) showLogin(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), requestLimit)
	defer cancel()
	if _, err := d.session(ctx, c); err == nil {
		return c.Redirect("/desk", fiber.StatusSeeOther)
	}
	return d.loginPage(c, fiber.StatusOK, loginView{Next: c.Query("next")})
}

func (d *Desk) loginPage(c *fiber.Ctx, status int, v loginView) error {
	v.frame = d.frame(session{}, d.cfg.Texts.Text("desk.login.title"))
	if v.Error != "" {
		v.Title = d.cfg.Texts.Text("desk.title.error", "title", v.Title)
	}
	if !inside.MatchString(v.Next) {
		v.Next = ""
	}
	return d.render(c, status, "login.html", v)
}

// login opens a session. Whether the name or the password is wrong cannot be
// told from the answer, nor from the time that it takes.
func (d *Desk) login(c *fiber.Ctx) error {
	if !page.SameOrigin(c) {
		return fiber.NewError(fiber.StatusForbidden)
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), requestLimit)
	defer cancel()
	v := loginView{Username: strings.TrimSpace(c.FormValue("username")), Next: c.FormValue("next")}
	keys := []string{"user " + strings.ToLower(v.Username), "address " + c.IP()}
	if wait := d.limiter.take(keys...); wait > 0 {
		minutes := int((wait + time.Minute - 1) / time.Minute)
		v.Error = d.plural("desk.login.limited", minutes)
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(minutes*60))
		return d.loginPage(c, fiber.StatusTooManyRequests, v)
	}

	account, err := d.cfg.Accounts.AccountByUsername(ctx, v.Username)
	known := err == nil
	if !known {
		account = bot.Account{PasswordHash: d.nobody}
	}
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return d.loginFailed(c, v, err)
	}
	fits, err := d.verify(ctx, account.PasswordHash, c.FormValue("password"))
	if err != nil {
		return d.loginFailed(c, v, err)
	}
	if !fits || !known {
		v.Error = d.cfg.Texts.Text("desk.login.wrong")
		return d.loginPage(c, fiber.StatusUnprocessableEntity, v)
	}
	d.limiter.give(keys...)

	token := page.Random(256)
	if err := d.cfg.Accounts.OpenSession(ctx, page.Hash(token), account.ID, page.Random(128), d.cfg.Now().Add(sessionLife)); err != nil {
		return d.loginFailed(c, v, err)
	}
	d.setCookie(c, token, sessionLife)
	to := "/desk"
	if inside.MatchString(v.Next) {
		to = v.Next
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// loginFailed answers when the fault is ours.
func (d *Desk) loginFailed(c *fiber.Ctx, v loginView, err error) error {
	d.cfg.Log.Error("login failed", "err", err)
	v.Error = d.cfg.Texts.Text("desk.error.store")
	c.Set(fiber.HeaderRetryAfter, "5")
	return d.loginPage(c, fiber.StatusServiceUnavailable, v)
}

// verify checks a password when there is memory for it.
func (d *Desk) verify(ctx context.Context, hash, password string) (bool, error) {
	select {
	case d.verifying <- struct{}{}:
		defer func() { <-d.verifying }()
		return VerifyPassword(hash, password), nil
	case <-ctx.Done():
		return false, fmt.Errorf("desk: check password: %w", ctx.Err())
	}
}

func (d *Desk) logout(c *fiber.Ctx, s session) error {
	if err := d.cfg.Accounts.CloseSession(c.UserContext(), s.hash); err != nil {
		d.cfg.Log.Error("login could not be ended", "err", err)
		return d.notice(c, s, fiber.StatusServiceUnavailable, notice{Message: d.cfg.Texts.Text("desk.error.store")})
	}
	d.setCookie(c, "", -time.Hour)
	c.Set("Clear-Site-Data", `"cache"`)
	return c.Redirect("/desk/login", fiber.StatusSeeOther)
}

func (d *Desk) setCookie(c *fiber.Ctx, value string, life time.Duration) {
	page.SetCookie(c, page.Cookie{
		Name: cookieName, Value: value, Path: "/desk", Life: life, Secure: d.cfg.Secure, SameSite: fiber.CookieSameSiteStrictMode,
	})
}
