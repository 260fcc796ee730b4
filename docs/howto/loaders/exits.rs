// SPDX-License-Identifier: BSD-2-Clause
//! exits OBJECT BTF: loads docs/howto/own-object.md's object with Aya, and prints what it tells.
use aya::{maps::RingBuf, programs::RawTracePoint, Btf, Endianness, EbpfLoader};
use std::{env, error::Error, thread::sleep, time::Duration};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().collect();
    if arguments.len() != 3 {
        return Err("usage: exits OBJECT BTF".into());
    }
    let types = Btf::parse_file(&arguments[2], Endianness::default())?;
    // The one thing that is not as on a kernel with BTF.
    let mut object = EbpfLoader::new().btf(Some(&types)).load_file(&arguments[1])?;
    let program: &mut RawTracePoint = object.program_mut("on_exit").ok_or("no on_exit")?.try_into()?;
    program.load()?;
    program.attach("sched_process_exit")?;
    let mut ring = RingBuf::try_from(object.map_mut("events").ok_or("no events")?)?;
    eprintln!("running");
    for _ in 0..20 {
        while let Some(record) = ring.next() {
            let number = |at: usize| i32::from_ne_bytes(record[at..at + 4].try_into().unwrap());
            let comm = String::from_utf8_lossy(&record[12..]);
            println!("{} {} {} {}", number(0), number(4), number(8), comm.trim_end_matches('\0'));
        }
        sleep(Duration::from_millis(100));
    }
    Ok(())
}
