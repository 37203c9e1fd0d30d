package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// process is what a process used.
type process struct {
	PID      int     `json:"pid"`
	Name     string  `json:"name"`
	CPU      float64 `json:"cpu_seconds"`
	CPUPer   float64 `json:"cpu_seconds_per_10000"` // messages
	PeakMB   float64 `json:"peak_mb"`               // since the process began
	EndMB    float64 `json:"end_mb"`
	Finished bool    `json:"finished,omitempty"` // it ended before it could be read
}

// meters are processes with the CPU time that they had used at the beginning.
type meters []process

// newMeters begins to measure: this program, to show what it takes from the same
// machine, and the others.
func newMeters(others []int) (meters, error) {
	var all meters
	for _, pid := range append([]int{os.Getpid()}, others...) {
		name, cpu, err := readStat(pid)
		if err != nil {
			return nil, fmt.Errorf("measure process %d: %w", pid, err)
		}
		all = append(all, process{PID: pid, Name: name, CPU: cpu})
	}
	return all, nil
}

// read returns what the processes used since the beginning.
func (m meters) read(messages int) []process {
	used := make([]process, len(m))
	for i, before := range m {
		p := process{PID: before.PID, Name: before.Name}
		_, cpu, err := readStat(p.PID)
		peak, end, errMemory := readMemory(p.PID)
		if err != nil || errMemory != nil {
			p.Finished = true // such as a server that was killed to see what happens
			used[i] = p
			continue
		}
		p.CPU, p.PeakMB, p.EndMB = cpu-before.CPU, peak, end
		if messages > 0 {
			p.CPUPer = p.CPU / float64(messages) * 10_000
		}
		used[i] = p
	}
	return used
}

// ticks is the unit of /proc/N/stat on every architecture that Go supports.
const ticks = 100

// readStat returns a process's name and the CPU seconds that it has used.
func readStat(pid int) (name string, cpu float64, err error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", 0, err
	}
	// The name stands in brackets and may hold any character.
	open, end := bytes.IndexByte(stat, '('), bytes.LastIndexByte(stat, ')')
	if open < 0 || end < open {
		return "", 0, errors.New("its stat has no name")
	}
	fields := strings.Fields(string(stat[end+1:]))
	const user, system = 11, 12 // counted from after the name
	if len(fields) <= system {
		return "", 0, errors.New("its stat is too short")
	}
	u, errUser := strconv.ParseFloat(fields[user], 64)
	s, errSystem := strconv.ParseFloat(fields[system], 64)
	return string(stat[open+1 : end]), (u + s) / ticks, errors.Join(errUser, errSystem)
}

// readMemory returns the most resident memory that a process had, and what it has
// now, in megabytes.
func readMemory(pid int) (peak, now float64, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(status)) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		kB, _ := strconv.ParseFloat(fields[1], 64)
		switch fields[0] {
		case "VmHWM:":
			peak = kB / 1024
		case "VmRSS:":
			now = kB / 1024
		}
	}
	if now == 0 {
		return 0, 0, errors.New("it has ended") // a zombie has no memory
	}
	return peak, now, nil
}
