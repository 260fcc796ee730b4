// SPDX-License-Identifier: BSD-2-Clause

// exits OBJECT BTF: loads docs/howto/own-object.md's object with cilium/ebpf, and prints what it tells.
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/btf"
	"github.com/cilium/ebpf/link"
	"github.com/cilium/ebpf/ringbuf"
)

type event struct {
	Pid, Ppid, ExitCode int32
	Comm                [16]byte
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: exits OBJECT BTF")
	}
	types, err := btf.LoadSpec(os.Args[2])
	check(err)
	spec, err := ebpf.LoadCollectionSpec(os.Args[1])
	check(err)
	// The one thing that is not as on a kernel with BTF.
	collection, err := ebpf.NewCollectionWithOptions(spec, ebpf.CollectionOptions{
		Programs: ebpf.ProgramOptions{KernelTypes: types},
	})
	check(err)
	_, err = link.AttachRawTracepoint(link.RawTracepointOptions{
		Name:    "sched_process_exit",
		Program: collection.Programs["on_exit"],
	})
	check(err)
	reader, err := ringbuf.NewReader(collection.Maps["events"])
	check(err)
	fmt.Fprintln(os.Stderr, "running")
	time.AfterFunc(2*time.Second, func() { reader.Close() })
	for {
		record, err := reader.Read()
		if err != nil {
			return
		}
		var told event
		check(binary.Read(bytes.NewReader(record.RawSample), binary.LittleEndian, &told))
		fmt.Println(told.Pid, told.Ppid, told.ExitCode, string(bytes.TrimRight(told.Comm[:], "\x00")))
	}
}
