Console.WriteLine("OrleansNotify");
